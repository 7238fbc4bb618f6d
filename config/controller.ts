import { problem, type Problem } from "./problem";
import type { Fleet } from "./resolve";
import { overlappingPaths } from "./routes";
import type { Protocol } from "./settings/container";

/** What decides whether a controller can serve a fleet. */
interface Served {
  readonly ingress: Pick<Fleet["ingress"], "controller">;
  readonly routing: Pick<Fleet["routing"], "tls" | "timeoutSeconds" | "maxBodySize" | "formerPathPrefixes">;
  readonly models: readonly {
    readonly id: string;
    readonly path: string;
    readonly aliases: readonly string[];
    readonly protocol: Protocol;
  }[];
}

/** What the ingress controller cannot do: a setting without effect would be worse than an error. */
export function problemsOfController({ ingress: { controller }, routing, models }: Served): Problem[] {
  const annotate = "set the controller's own annotation in ingress.annotations";
  const limits = (["timeoutSeconds", "maxBodySize"] as const).flatMap((key) => {
    if (routing[key] === undefined || controller === "nginx") return [];
    const rule = `is a limit that only ingress-nginx has for an Ingress, and ingress.controller is ${controller}`;
    const remove =
      key === "maxBodySize" ? TRAEFIK_BODIES : "remove it: Traefik waits as long as the model takes";
    const fix = controller === "traefik" ? remove : `remove it, and ${annotate}`;
    return [problem(`routing.${key}`, routing[key], rule, fix)];
  });
  const redirects = controller === "none" && routing.tls?.redirect === true;
  const rule = "is not possible with ingress.controller none";
  return [
    ...limits,
    ...(redirects ? [problem("routing.tls.redirect", true, rule, `set it to false, and ${annotate}`)] : []),
    ...(controller === "nginx" ? [...pathsInAnotherCase(models, routing), ...grpcModels(models)] : []),
  ];
}

/** @see https://doc.traefik.io/traefik/middlewares/http/buffering/ */
const TRAEFIK_BODIES =
  "remove it: Traefik would keep each request and each answer until it is complete, so that no answer could be streamed";

/** @see https://github.com/kubernetes/ingress-nginx/blob/main/docs/user-guide/nginx-configuration/annotations.md#backend-protocol */
function grpcModels(models: Served["models"]): Problem[] {
  const rule = "is not possible with ingress-nginx, which speaks one protocol with all models of an Ingress";
  return models
    .filter(({ protocol }) => protocol === "grpc")
    .map(({ id }) =>
      problem(`catalog.${id}.protocol`, "grpc", rule, "set routing.flavour to gateway, or use Traefik"),
    );
}

/** ingress-nginx makes regular expressions of all paths of a host, which match in any case. */
function pathsInAnotherCase(models: Served["models"], routing: Served["routing"]): Problem[] {
  return overlappingPaths(models, routing, {
    asCompared: (path) => path.toLowerCase(),
    why: ", and ingress-nginx compares paths without case",
  });
}
