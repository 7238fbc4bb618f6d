import type { Call, Reply } from "../common/serve";
import { type Knowledge, linkTo } from "./knowledge";

/** How many models a sentence lists: the list itself has all. */
const LISTED = 20;

/** How much of a client's header a sentence repeats, in characters. */
const SHOWN = 100;

/** What is known below /v1. */
type OpenAiKnowledge = Required<Omit<Knowledge, "modelHeader">> & { readonly modelHeader: string };

/** Whether a request is for the address of OpenAI's form. */
export function isOpenAi({ path }: Pick<Call, "path">): boolean {
  return path === "/v1" || path.startsWith("/v1/");
}

/**
 * The answer below /v1: the list of models, one of them, or 404 that says which header names a model. Errors are
 * objects as OpenAI's, whose clients show their messages.
 *
 * @see https://platform.openai.com/docs/api-reference/models
 */
export function answerAsOpenAi(call: Call, known: OpenAiKnowledge): Reply {
  const [, , resource, ...rest] = call.path.split("/");
  return resource === "models" ? ofList(call, decoded(rest.join("/")), known) : withoutModel(call, known);
}

function ofList({ method }: Call, id: string, known: OpenAiKnowledge): Reply {
  const { models } = known;
  if (method !== "GET" && method !== "HEAD") {
    const message = `${method} is not allowed here; use GET, HEAD`;
    const reply = error({ status: 405, type: "invalid_request_error", code: "method_not_allowed", message });
    return { ...reply, headers: { Allow: "GET, HEAD" } };
  }
  if (id === "") return { status: 200, body: { object: "list", data: models.map(modelObject) } };
  if (models.includes(id)) return { status: 200, body: modelObject(id) };
  const message = `the model ${quoted(id)} does not exist; the models are: ${listOf(models)}`;
  return retirement(id, known) ?? unknown(message);
}

/** What no model's route takes. */
function withoutModel({ headers }: Call, known: OpenAiKnowledge): Reply {
  const { models, modelHeader: header } = known;
  const sent = headers[header.toLowerCase()];
  const fix = `set it to one of: ${listOf(models)}`;
  if (sent === undefined) return unknown(`the header ${header}, which names the model, is missing; ${fix}`);
  const name = String(sent);
  // A new model is in the list as soon as its pods start, and gets requests as soon as they are ready.
  if (models.includes(name)) {
    const message = `the model ${quoted(name)} is not ready yet; try again later`;
    return error({ status: 503, type: "server_error", code: "model_not_ready", message });
  }
  const message = `the header ${header} names the model ${quoted(name)}, which does not exist; ${fix}`;
  return retirement(name, known) ?? unknown(message);
}

/** The answer for a retired model; undefined if it is none. */
function retirement(id: string, { retired }: OpenAiKnowledge): Reply | undefined {
  const path = `/v1/models/${id}`;
  const successor = Object.hasOwn(retired, path) ? retired[path] : undefined;
  if (successor === undefined) return undefined;
  const next = successor.slice(successor.lastIndexOf("/") + 1);
  const message = `the model ${quoted(id)} is retired; use its successor: ${next}`;
  const reply = error({ status: 410, type: "invalid_request_error", code: "model_retired", message });
  return { ...reply, headers: linkTo(successor) };
}

function unknown(message: string): Reply {
  return error({ status: 404, type: "invalid_request_error", code: "model_not_found", message });
}

function modelObject(id: string): object {
  return { id, object: "model", created: 0, owned_by: "modelfleet" };
}

interface OpenAiError {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

function error({ status, type, code, message }: OpenAiError): Reply {
  return { status, body: { error: { message, type, param: null, code } } };
}

function listOf(models: readonly string[]): string {
  if (models.length === 0) return "none is there";
  const more = models.length - LISTED;
  return [...models.slice(0, LISTED), ...(more > 0 ? [`${more} more (GET /v1/models)`] : [])].join(", ");
}

function quoted(text: string): string {
  return JSON.stringify(text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`);
}

/** A path's segment; as it was sent if it is not encoded correctly. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
