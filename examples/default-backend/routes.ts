import { z } from "zod";
import { UserError } from "../../lib/user-error";
import { allow, type Handler } from "../common/serve";

/**
 * Answers every path with 404 and the list of models; `/healthz` with 200.
 *
 * @param retired URL of the successor by the path of a retired model, which is answered with 410. @default none
 */
export function defaultBackend(
  models: readonly string[],
  retired: Readonly<Record<string, string>> = {},
): Handler {
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

/** The successors of retired models in `RETIRED`, a JSON map from path to URL. @default none */
export function retiredFromEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(env.RETIRED ?? "{}"));
  } catch {
    throw new UserError('RETIRED must be a JSON map from path to URL, such as {"/models/a":"/models/b"}');
  }
}
