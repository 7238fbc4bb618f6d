import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import autocannon from "autocannon";
import { ROOT } from "../../lib/paths";
import { say } from "../../lib/progress";
import { until } from "../../lib/until";

/** A model's answer to its own sample. */
export interface Prediction {
  readonly status: number;
  readonly model: string | undefined;
  readonly version: string | undefined;
  readonly label: unknown;
}

interface Sample {
  readonly sample: unknown;
  readonly sampleLabel: unknown;
}

/** A model's sample request from the example, and the correct label for it. */
export function sampleOf(model: string): Sample {
  const path = join(ROOT, "examples", "model-server", "models", `${model}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as Sample;
}

/** Sends a model its sample through the ingress controller. */
export async function predict(url: string, model: string): Promise<Prediction> {
  const response = await fetch(`${url}/v2/models/${model}/infer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sampleOf(model).sample),
  });
  const text = await response.text();
  const body = parsed(text) as {
    model_name?: string;
    model_version?: string;
    outputs?: { name: string; data: unknown[] }[];
  };
  const label = body.outputs?.find(({ name }) => name === "label")?.data[0];
  return { status: response.status, model: body.model_name, version: body.model_version, label };
}

/** The body of the response to a request for a host, as {@link responseOf} sends it. */
export async function getWithHost(url: string, host: string): Promise<string> {
  return (await responseOf(url, { host })).body;
}

/** What a server answered. */
export interface Response {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

interface RequestOptions {
  readonly host: string;
  readonly ca?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The response to a request for a host at another address, which fetch does not let callers make. A redirect is not
 * followed.
 *
 * @param ca The only certificate authority that the client trusts, as PEM. By HTTPS, the server's certificate must be of
 * the host. @default those of Node.js
 * @param body What is sent with POST. @default a GET
 * @param headers Further headers. @default none
 */
export function responseOf(
  url: string,
  { host, ca, body: sent, headers = {} }: RequestOptions,
): Promise<Response> {
  const send = url.startsWith("https:") ? https.request : http.request;
  const method = sent === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers: { ...headers, host }, servername: host, ca }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      const { statusCode: status, headers: answered } = response;
      response.on("end", () => resolve({ status, location: answered.location, body }));
    });
    request.on("error", reject);
    request.end(sent);
  });
}

/** Waits until a check passes; throws its last error if it does not. */
export async function eventually(check: () => Promise<void>, seconds = 60): Promise<void> {
  let reason: unknown;
  const holds = async () => {
    try {
      await check();
      return true;
    } catch (error) {
      reason = error;
      return false;
    }
  };
  if (!(await until(holds, { intervalMs: 250, timeoutMs: seconds * 1000 }))) throw reason;
}

/** What a load generator counted. */
export interface Counts {
  readonly answered: number;
  readonly failed: number;
  /** How many responses had each status; `no response` counts requests that got none. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Requests predictions from a model on a few connections for as long as the work takes. */
export async function underLoad<T>(
  url: string,
  model: string,
  work: () => Promise<T>,
): Promise<Counts & { result: T }> {
  const load = autocannon({
    url: `${url}/v2/models/${model}/infer`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sampleOf(model).sample),
    connections: 4,
    // Far longer than the work takes: the code below stops it.
    duration: 600,
    // Enough to hit every change of a route several times, and few enough to leave the processor to the change.
    overallRate: 100,
  });
  let result: T;
  try {
    result = await work();
  } finally {
    (load as unknown as { stop(): void }).stop();
  }
  const counted = await load;
  const { statusCodeStats = {} } = counted as { statusCodeStats?: Record<string, { count: number }> };
  const byStatus = Object.entries(statusCodeStats).map(([status, { count }]) => [status, count] as const);
  const statuses = Object.fromEntries([
    ...byStatus,
    ...(counted.errors > 0 ? [["no response", counted.errors] as const] : []),
  ]);
  const counts = { answered: counted["2xx"], failed: counted.non2xx + counted.errors, statuses };
  say(`  load on ${model}: ${counts.answered} answered, ${counts.failed} failed`);
  return { ...counts, result };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
