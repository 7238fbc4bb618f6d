import { z } from "zod";
import { UserError } from "../../lib/user-error";
import { allow, type Handler } from "../common/serve";

/** Answers every path with 404 and the list of models; `/healthz` with 200. */
export function defaultBackend(models: readonly string[]): Handler {
  return (call) => {
    if (call.path !== "/healthz") return { status: 404, body: { error: "no such model", models } };
    allow(call, "GET", "HEAD");
    return { status: 200, body: { status: "ok" } };
  };
}

/** The model IDs in `MODELS`, a JSON list. @default none */
export function modelsFromEnv(env: NodeJS.ProcessEnv): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(env.MODELS ?? "[]"));
  } catch {
    throw new UserError('MODELS must be a JSON list of model IDs, such as ["churn","iris"]');
  }
}
