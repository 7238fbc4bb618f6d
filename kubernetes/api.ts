import { type ClientRequest, request as plainRequest } from "node:http";
import { request, type RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
// By submodule, for who to talk to, and how: the whole client is hundreds of generated files. What this one loads of
// them all the same, lib/typescript/hook.mjs keeps out of the program.
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { UserError } from "../lib/user-error";

/** How long the API server may take to answer one request, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** How often a request is sent again that the API server puts off, and how long at most before each, in milliseconds. */
const RETRIES = 10;
const LONGEST_WAIT_MS = 10_000;

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** Which cluster, as the stack's `kubernetes:` config says it. Unset means what kubectl would use. */
export interface ClusterChoice {
  /** Contents of a kubeconfig, or the path of one. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

/** An answer of the API server: the status code and the parsed body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks the API server that the Kubernetes provider will talk to. */
export interface Api {
  readonly server: string;
  get(path: string): Promise<Answer>;
  /** As `get`, but of each object its metadata alone: a Secret's values are never sent. */
  listMetadata(path: string): Promise<Answer>;
  /** Changes an object by a JSON patch. */
  patch(path: string, operations: readonly object[]): Promise<Answer>;
}

/** The cluster was asked and has not said: whether it did what it was asked to is not known. */
export class NoAnswer extends UserError {}

/** The error of an answer that is none of those hoped for, with the API server's own reason. */
export function refused(api: Api, what: string, status: number, body: unknown): UserError {
  const message = (body as { message?: string }).message || "no reason given";
  const fix = status === 401 || status === 403 ? "; ask for that right, or choose another context" : "";
  return new UserError(`the cluster at ${api.server} refuses to ${what} (${status}: ${message})${fix}`);
}

/** @throws UserError where no cluster is named, or the named one is not in the kubeconfig */
export function connect({ kubeconfig, context }: ClusterChoice): Api {
  const config = read(kubeconfig);
  if (context !== undefined) {
    if (!config.getContextObject(context)) {
      const known = config.getContexts().map(({ name }) => name);
      throw new UserError(
        `kubernetes:context: "${context}" is not in the kubeconfig; ` +
          `choose one of ${known.join(", ") || "(it has none)"}, or set KUBECONFIG to the file that has it`,
      );
    }
    config.setCurrentContext(context);
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || isInvented(config)) {
    throw new UserError(
      'no cluster is named; set KUBECONFIG or kubernetes:context, or `npm start` and `eval "$(npm run --silent env)"`',
    );
  }
  return {
    server,
    get: (path) => send(config, server, path, { headers: { accept: "application/json" } }),
    listMetadata: (path) => send(config, server, path, { headers: { accept: METADATA_LIST } }),
    patch: (path, operations) =>
      send(config, server, path, {
        method: "PATCH",
        headers: { accept: "application/json", "content-type": "application/json-patch+json" },
        body: JSON.stringify(operations),
      }),
  };
}

/** Where there is no kubeconfig at all, the client makes one up, under this name, whose cluster nobody has named. */
function isInvented(config: KubeConfig): boolean {
  return config.getCurrentContext() === "loaded-context";
}

function read(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else if (/^\s*[{]|\n/.test(kubeconfig)) config.loadFromString(kubeconfig);
    else config.loadFromFile(kubeconfig);
    return config;
  } catch (error) {
    // The parser's message names the file or the place in it, and never a value.
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(
      `the kubeconfig cannot be read (${reason}); mend KUBECONFIG or kubernetes:kubeconfig`,
    );
  }
}

interface Call {
  readonly method?: "GET" | "PATCH";
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Sends a request, and again in a while where the API server asks for that: it is too busy, or not ready for it. */
async function send(config: KubeConfig, server: string, path: string, call: Call): Promise<Answer> {
  for (let retry = 0; ; retry += 1) {
    const answer = await sendOnce(config, server, path, call);
    if (answer.retryAfterMs === undefined || retry === RETRIES) return answer;
    await sleep(answer.retryAfterMs);
  }
}

async function sendOnce(
  config: KubeConfig,
  server: string,
  path: string,
  { method = "GET", headers, body }: Call,
): Promise<Answer & { readonly retryAfterMs: number | undefined }> {
  const options: RequestOptions = { method, timeout: TIMEOUT_MS, headers };
  let outgoing: ClientRequest;
  try {
    const url = new URL(`${server.replace(/\/$/, "")}${path}`);
    // May run a program that the kubeconfig names, such as a cloud's login helper.
    await config.applyToHTTPSOptions(options);
    outgoing = (url.protocol === "http:" ? plainRequest : request)(url, options);
  } catch (error) {
    throw new UserError(
      `the kubeconfig gives no access to ${server} (${reasonOf(error)}); see what \`kubectl get namespaces\` says`,
    );
  }
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(new NoAnswer(`the cluster at ${server} does not answer (${reasonOf(error)})`));
    };
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => {
        const { statusCode: status = 0, headers: answered } = incoming;
        const retryAfterMs = putOffMs(status, answered["retry-after"]);
        const text = Buffer.concat(chunks).toString();
        try {
          resolve({ status, body: JSON.parse(text), retryAfterMs });
        } catch {
          // A busy API server, or a proxy before it, says so in words.
          const message = answered["content-type"]?.startsWith("text/plain") ? reasonOf(text) : undefined;
          if (retryAfterMs === undefined) fail(`status ${status}, and no JSON`);
          else resolve({ status, body: { message }, retryAfterMs });
        }
      });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

/** The first line that says something; a login helper's may come after an empty one. */
function reasonOf(error: unknown): string {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const text = typeof error === "string" ? error : message || code || String(error);
  return (
    text
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? "no reason given"
  );
}

/**
 * For how many milliseconds an answer puts its request off, at most ten seconds; undefined when it is final.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/ (429), RFC 9110 section 10.2.3 (Retry-After)
 */
export function putOffMs(status: number, retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter ?? NaN);
  return (status === 429 || status >= 500) && seconds >= 0
    ? Math.min(seconds * 1000, LONGEST_WAIT_MS)
    : undefined;
}
