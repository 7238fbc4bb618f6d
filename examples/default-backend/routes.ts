import { z } from "zod";
import { UserError } from "../../lib/user-error";
import { allow, type Handler } from "../common/serve";

/** Answers every path with 404 and the models that do exist; `/healthz` says that the backend lives. */
export function defaultBackend(models: readonly string[]): Handler {
  return (call) => {
    if (call.path !== "/healthz") return { status: 404, body: { error: "no such model", models } };
    allow(call, "GET", "HEAD");
    return { status: 200, body: { status: "ok" } };
  };
}

/** The model IDs in `MODELS`, a JSON list; none when it is not set. */
export function modelsFromEnv(env: NodeJS.ProcessEnv): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(env.MODELS ?? "[]"));
  } catch {
    throw new UserError('MODELS must be a JSON list of model IDs, such as ["churn","iris"]');
  }
}
