import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

type IngressPath = types.input.networking.v1.HTTPIngressPath;

/** Whose annotations an Ingress bears. */
export type Controller = "nginx" | "traefik";

/** One path of the Ingress and the Service behind it. */
export interface Route {
  /** Model ID. */
  readonly id: string;
  /** Path without a slash at its end, such as `/models/iris`; it is stripped before the model sees the request. */
  readonly path: string;
  /** Name of the Service, port `http`. */
  readonly service: pulumi.Input<string>;
}

/**
 * The paths of an Ingress, one a model, sorted by path so that reordering the list makes no diff. `/models/m1` never
 * takes `/models/m10`: Prefix counts whole segments, and the expression for nginx ends in `(/|$)`.
 *
 * @param fallback Service of the default backend. A rule of its own rather than `defaultBackend`, which Traefik
 *   ignores beside rules and ingress-nginx honours on some hosts only.
 */
export function ingressPaths(
  controller: Controller,
  routes: readonly Route[],
  fallback?: pulumi.Input<string>,
): IngressPath[] {
  const paths = [...routes]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, service }): IngressPath => {
      const backend = { service: { name: service, port: { name: "http" } } };
      return controller === "nginx"
        ? { path: `${escaped(path)}(/|$)(.*)`, pathType: "ImplementationSpecific", backend }
        : { path, pathType: "Prefix", backend };
    });
  if (fallback === undefined) return paths;
  const backend = { service: { name: fallback, port: { name: "http" } } };
  return [
    ...paths,
    controller === "nginx"
      ? { path: "/()(.*)", pathType: "ImplementationSpecific", backend }
      : { path: "/", pathType: "Prefix", backend },
  ];
}

/**
 * What strips a model's path with nginx: the second group of its expression is what follows the path. Annotations count
 * for the whole Ingress.
 */
export const NGINX_ANNOTATIONS = {
  "nginx.ingress.kubernetes.io/use-regex": "true",
  "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
} as const;

/** Names the Middlewares of Traefik through which an Ingress's requests go. */
export const TRAEFIK_MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";

/**
 * The expressions that strip a model's path, for Traefik's StripPrefixRegex. One for all models under the common
 * prefix, so that adding a model changes only the Ingress, and one for each path of its own. The longest first: the
 * first that matches is taken, and `/model` would match `/models/iris`.
 */
export function stripExpressions(pathPrefix: string, routes: readonly Route[]): string[] {
  const common = pathPrefix === "/" ? "/" : `${pathPrefix}/`;
  const own = routes
    .map(({ path }) => path)
    .filter((path) => !(path.startsWith(common) && !path.slice(common.length).includes("/")));
  return [common, ...own]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((path) => (path === common ? `^${escaped(common)}[^/]+` : `^${escaped(path)}`));
}

/** A path as a regular expression that matches just it: of the characters that a path may have, only "." is special. */
function escaped(path: string): string {
  return path.replaceAll(".", "\\.");
}
