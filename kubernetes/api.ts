import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
} from "node:http";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../lib/user-error";
import { chosenAccess } from "./access";
import type { ClusterChoice } from "./kubeconfig";
import { type Login, loginTo } from "./login";

export type { ClusterChoice } from "./kubeconfig";

/** How long the API server may take to answer one request, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** Retries after a 429 or 5xx with Retry-After, and the longest wait before each, in milliseconds. */
const RETRIES = 10;
const LONGEST_WAIT_MS = 10_000;

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** A response of the API server: the status code and the parsed body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Which object is meant: another one of the same name, or a newer version of it, is answered with 409.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/
 */
export interface Preconditions {
  readonly uid: string;
  readonly resourceVersion?: string;
}

/** Sends requests to the API server, the same that the Kubernetes provider uses. */
export interface Api {
  readonly server: string;
  get(path: string): Promise<Answer>;
  /** Like `get`, of a text such as a log: the body of an answer with status 200 is a string. */
  getText(path: string): Promise<Answer>;
  /**
   * Like `getText`, piece by piece as it comes, also if nothing comes for long: the body of an answer with status 200
   * is an AsyncIterable of strings, which throws NoResponse if the connection breaks, or at the signal.
   */
  getStream(path: string, signal?: AbortSignal): Promise<Answer>;
  /** Like `get`, but returns only the metadata of each object: the values of a Secret are never sent. */
  listMetadata(path: string): Promise<Answer>;
  /** Changes an object by a JSON patch. */
  patch(path: string, operations: readonly object[]): Promise<Answer>;
  /** Deletes an object, and what it owns in the background. @param only Of which object. @default any with this name */
  delete(path: string, only?: Preconditions): Promise<Answer>;
}

/** No response: the request may or may not have taken effect. */
export class NoResponse extends UserError {}

/** The API server answers, but not with what was asked for. */
export class Refused extends UserError {}

/** The error for an unexpected status, with the API server's reason. */
export function unexpectedStatus(api: Api, what: string, status: number, body: unknown): Refused {
  const message = (body as { message?: string }).message || "no reason given";
  const fix = status === 401 || status === 403 ? "; ask for that right, or choose another context" : "";
  return new Refused(`the cluster at ${api.server} refuses to ${what} (${status}: ${message})${fix}`);
}

/** @throws UserError if no cluster is configured, or its kubeconfig has a mistake */
export function connect(choice: ClusterChoice): Api {
  const access = chosenAccess(choice);
  const target = { server: access.server, login: loginTo(access, choice.environment) };
  const accept = { accept: "application/json" };
  const patch = { ...accept, "content-type": "application/json-patch+json" };
  return {
    server: target.server,
    get: (path) => send(target, path, { headers: accept }),
    getText: (path) => send(target, path, { headers: {}, as: "text" }),
    getStream: (path, signal) => send(target, path, { headers: {}, as: "stream", signal }),
    listMetadata: (path) => send(target, path, { headers: { accept: METADATA_LIST } }),
    patch: (path, operations) =>
      send(target, path, { method: "PATCH", headers: patch, body: JSON.stringify(operations) }),
    delete: (path, preconditions) =>
      send(target, path, {
        method: "DELETE",
        ...(preconditions === undefined ? { headers: accept } : deleteOnly(preconditions)),
      }),
  };
}

function deleteOnly(preconditions: Preconditions): Pick<Call, "headers" | "body"> {
  const options = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background", preconditions };
  const body = JSON.stringify(options);
  const type = { accept: "application/json", "content-type": "application/json" };
  // Node.js sends the body of a DELETE with neither length nor chunks, so that no server reads it.
  return { headers: { ...type, "content-length": String(Buffer.byteLength(body)) }, body };
}

interface Target {
  readonly server: string;
  readonly login: () => Promise<Login>;
}

interface Call {
  readonly method?: "GET" | "PATCH" | "DELETE";
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** What the body of an answer with status 200 is. @default JSON */
  readonly as?: "text" | "stream";
  /** When the request ends early. @default never */
  readonly signal?: AbortSignal | undefined;
}

/** Sends a request, and retries it if the API server asks for that because it is too busy or not ready yet. */
async function send(target: Target, path: string, call: Call): Promise<Answer> {
  for (let retry = 0; ; retry += 1) {
    const answer = await sendOnce(target, path, call);
    if (answer.retryAfterMs === undefined || retry === RETRIES) return answer;
    await sleep(answer.retryAfterMs);
  }
}

type TimedAnswer = Answer & { readonly retryAfterMs: number | undefined };

async function sendOnce(target: Target, path: string, call: Call): Promise<TimedAnswer> {
  const outgoing = await open(target, path, call);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(new NoResponse(`the cluster at ${target.server} does not answer (${reasonOf(error)})`));
    };
    outgoing.on("response", (incoming) => {
      if (call.as === "stream" && incoming.statusCode === 200) {
        outgoing.setTimeout(0);
        resolve({ status: 200, body: pieces(incoming, target.server), retryAfterMs: undefined });
        return;
      }
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => {
        const { statusCode: status = 0, headers } = incoming;
        const text = Buffer.concat(chunks).toString();
        const isText = call.as === "text" && status === 200;
        const answer = isText
          ? { status, body: text, retryAfterMs: undefined }
          : parsedAnswer(status, headers, text);
        if (answer === undefined) fail(`status ${status}, and no JSON`);
        else resolve(answer);
      });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    outgoing.on("error", fail);
    outgoing.end(call.body);
  });
}

async function* pieces(incoming: IncomingMessage, server: string): AsyncGenerator<string> {
  try {
    for await (const piece of incoming.setEncoding("utf8")) yield piece as string;
  } catch (error) {
    throw new NoResponse(`the cluster at ${server} ended its answer early (${reasonOf(error)})`);
  }
}

async function open(
  { server, login }: Target,
  path: string,
  { method = "GET", headers, signal }: Call,
): Promise<ClientRequest> {
  try {
    const url = new URL(`${server}${path}`);
    // May run a program that the kubeconfig names, such as a cloud's login helper.
    const { agent, headers: who } = await login();
    const ends = { timeout: TIMEOUT_MS, ...(signal && { signal }) };
    const options = { method, ...ends, agent, headers: { ...headers, ...who } };
    return (url.protocol === "http:" ? plainRequest : request)(url, options);
  } catch (error) {
    const reason = error instanceof UserError ? error.message : reasonOf(error);
    throw new UserError(
      `the kubeconfig gives no access to ${server} (${reason}); see what \`kubectl get namespaces\` says`,
    );
  }
}

/** Undefined if the response has no known meaning: it is not JSON and asks for no retry. */
function parsedAnswer(status: number, headers: IncomingHttpHeaders, text: string): TimedAnswer | undefined {
  const again = retryAfterMs(status, headers["retry-after"]);
  try {
    return { status, body: JSON.parse(text), retryAfterMs: again };
  } catch {
    // So an API server answers a path of a group that it does not have; a proxy has other words.
    if (status === 404 && text.trim() === "404 page not found")
      return { status, body: {}, retryAfterMs: again };
    if (again === undefined) return undefined;
    // A busy API server, or a proxy in front of it, gives its reason as plain text.
    const message = headers["content-type"]?.startsWith("text/plain") ? reasonOf(text) : undefined;
    return { status, body: { message }, retryAfterMs: again };
  }
}

/** The first line that is not empty. */
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
 * How long to wait before a retry, in milliseconds, at most ten seconds; undefined if the response is final.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/ (429), RFC 9110 section 10.2.3 (Retry-After)
 */
export function retryAfterMs(status: number, retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter ?? NaN);
  return (status === 429 || status >= 500) && seconds >= 0
    ? Math.min(seconds * 1000, LONGEST_WAIT_MS)
    : undefined;
}
