import { allow, type Handler } from "../common/serve";
import { type Knowledge, linkTo } from "./knowledge";
import { answerAsOpenAi, isOpenAi } from "./openai";

/** Answers every path with 404 and the list of models; `/healthz` with 200. */
export function defaultBackend({ models, retired = {}, modelHeader }: Knowledge): Handler {
  return (call) => {
    if (modelHeader !== undefined && isOpenAi(call))
      return answerAsOpenAi(call, { models, retired, modelHeader });
    // Traefik strips the path of a model that it does not know too, and says so; ingress-nginx says "/".
    const prefix = String(call.headers["x-forwarded-prefix"] ?? "").replace(/\/$/, "");
    const sent = `${prefix}${call.path}`;
    const gone = Object.keys(retired).find((path) => sent === path || sent.startsWith(`${path}/`));
    const successor = gone === undefined ? undefined : retired[gone];
    if (successor !== undefined)
      return { status: 410, body: { error: "the model is retired", successor }, headers: linkTo(successor) };
    if (call.path !== "/healthz") return { status: 404, body: { error: "no such model", models } };
    allow(call, "GET", "HEAD");
    return { status: 200, body: { status: "ok" } };
  };
}
