import type { types } from "@pulumi/kubernetes";
import type { ControllerName } from "../../config/resolve";
import type { Route } from "./route";

type IngressPath = Pick<types.input.networking.v1.HTTPIngressPath, "path" | "pathType">;

/** How an Ingress is written for one ingress controller, so that it strips a model's path. */
export interface IngressController {
  /** A model's path. `/models/m1` never matches `/models/m10`. */
  path(path: string): IngressPath;
  /** Every path without a model. */
  readonly rest: IngressPath;
  /** Annotations of the Ingress, which users may override. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Annotations of an Ingress with TLS. */
  readonly tlsAnnotations: (redirect: boolean) => Readonly<Record<string, string>>;
  /** Whether Middlewares strip the paths, by {@link stripExpressions}, and redirect to HTTPS. */
  readonly usesMiddleware: boolean;
}

/** The ingress controllers, by the name that `ingress.controller` uses. A new one is its name in
 * `CONTROLLER_NAMES` (`config/fleet-schema.ts`) and one entry here. */
export const CONTROLLERS: Readonly<Record<ControllerName, IngressController>> = {
  nginx: {
    path: (path) => ({ path: `${escaped(path)}(/|$)(.*)`, pathType: "ImplementationSpecific" }),
    rest: { path: "/()(.*)", pathType: "ImplementationSpecific" },
    annotations: {
      "nginx.ingress.kubernetes.io/use-regex": "true",
      // Rewrites to the second capture group, the rest of the path. Annotations count for the whole Ingress.
      "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
    },
    // Said in both cases, since the controller's own default can be changed.
    tlsAnnotations: (redirect) => ({ "nginx.ingress.kubernetes.io/ssl-redirect": `${redirect}` }),
    usesMiddleware: false,
  },
  traefik: {
    // Prefix counts whole segments.
    path: (path) => ({ path, pathType: "Prefix" }),
    rest: { path: "/", pathType: "Prefix" },
    annotations: {},
    tlsAnnotations: () => ({}),
    usesMiddleware: true,
  },
};

/** The annotation that lists the Traefik Middlewares of an Ingress. */
export const TRAEFIK_MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";

/**
 * The expressions that strip a model's path, for Traefik's StripPrefixRegex. One for all models under each
 * common prefix, so that adding a model changes only the Ingress, and one for each other path. Longest first: the first match
 * counts, and `/model` would match `/models/iris`.
 */
export function stripExpressions(
  pathPrefixes: readonly string[],
  routes: readonly Pick<Route, "paths">[],
): string[] {
  const common = pathPrefixes.map((prefix) => (prefix === "/" ? "/" : `${prefix}/`));
  const isUnder = (path: string, prefix: string) =>
    path.startsWith(prefix) && !path.slice(prefix.length).includes("/");
  const own = routes
    .flatMap(({ paths }) => paths)
    .filter((path) => !common.some((prefix) => isUnder(path, prefix)));
  return [...common, ...own]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((path) => (common.includes(path) ? `^${escaped(path)}[^/]+` : `^${escaped(path)}`));
}

/** The path of a model from the path of an Ingress, whichever controller it was written for. */
export function plainPath(written: string): string {
  const [, path] = /^(.*)\(\/\|\$\)\(\.\*\)$/.exec(written) ?? [];
  return path === undefined ? written : path.replaceAll("\\.", ".");
}

/** A path as a regular expression that matches only that path. Its only special character can be ".". */
function escaped(path: string): string {
  return path.replaceAll(".", "\\.");
}
