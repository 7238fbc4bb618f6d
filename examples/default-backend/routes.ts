import { z } from "zod";
import { UserError } from "../../lib/user-error";
import { allow, type Handler } from "../common/serve";
import { answerAsOpenAi } from "./openai";

/** What a default backend knows. */
export interface Knowledge {
  /** Model IDs. */
  readonly models: readonly string[];
  /** URL of the successor by the path of a retired model, which is answered with 410. @default none */
  readonly retired?: Readonly<Record<string, string>>;
  /** The header that names a model below /v1, which is then answered as OpenAI does. @default /v1 is a path as any other */
  readonly modelHeader?: string | undefined;
}

/** Answers every path with 404 and the list of models; `/healthz` with 200. */
export function defaultBackend({ models, retired = {}, modelHeader }: Knowledge): Handler {
  return (call) => {
    // Traefik strips the path of a model that it does not know too, and says so; ingress-nginx says "/".
    const prefix = String(call.headers["x-forwarded-prefix"] ?? "").replace(/\/$/, "");
    const sent = `${prefix}${call.path}`;
    const gone = Object.keys(retired).find((path) => sent === path || sent.startsWith(`${path}/`));
    const successor = gone === undefined ? undefined : retired[gone];
    if (successor !== undefined)
      return {
        status: 410,
        body: { error: "the model is retired", successor },
        // https://www.rfc-editor.org/rfc/rfc5829
        headers: { Link: `<${successor}>; rel="successor-version"` },
      };
    const answer = modelHeader === undefined ? undefined : answerAsOpenAi(call, models, modelHeader);
    if (answer !== undefined) return answer;
    if (call.path !== "/healthz") return { status: 404, body: { error: "no such model", models } };
    allow(call, "GET", "HEAD");
    return { status: 200, body: { status: "ok" } };
  };
}

/** What the environment says: `MODELS`, `RETIRED` and `OPENAI_MODEL_HEADER`. */
export function knowledgeFromEnv(env: NodeJS.ProcessEnv): Knowledge {
  const { OPENAI_MODEL_HEADER: modelHeader } = env;
  return { models: modelsFromEnv(env), retired: retiredFromEnv(env), modelHeader };
}

/** The model IDs in `MODELS`, a JSON list. @default none */
export function modelsFromEnv(env: NodeJS.ProcessEnv): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(env.MODELS ?? "[]"));
  } catch {
    throw new UserError('MODELS must be a JSON list of model IDs, such as ["churn","iris"]');
  }
}

/** The successors of retired models in `RETIRED`, a JSON map from path to URL. @default none */
export function retiredFromEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(env.RETIRED ?? "{}"));
  } catch {
    throw new UserError('RETIRED must be a JSON map from path to URL, such as {"/models/a":"/models/b"}');
  }
}
