import type { types } from "@pulumi/kubernetes";
import type { ControllerName, IngressRouting } from "../../config/resolve";
import { wholeBytes } from "../../fleet/quantity";
import type { Route } from "./route";

type IngressPath = Pick<types.input.networking.v1.HTTPIngressPath, "path" | "pathType">;

/** How an Ingress is written for one ingress controller, so that it strips a model's path. */
export interface IngressController {
  /** A model's path. `/models/m1` never matches `/models/m10`. */
  path(path: string): IngressPath;
  /** Every path without a model. */
  readonly rest: IngressPath;
  /** Annotations of the Ingress, which users may override. */
  readonly annotations: (routing: IngressRouting) => Readonly<Record<string, string>>;
  /** Whether Middlewares strip the paths, by {@link stripExpressions}, and redirect to HTTPS. */
  readonly usesMiddleware: boolean;
}

/** Paths as the Ingress API has them: Prefix counts whole segments. */
const PLAIN: Pick<IngressController, "path" | "rest"> = {
  path: (path) => ({ path, pathType: "Prefix" }),
  rest: { path: "/", pathType: "Prefix" },
};

/** The ingress controllers, by the name that `ingress.controller` uses. A new one is its name in
 * `CONTROLLER_NAMES` (`config/fleet-schema.ts`) and one entry here. */
export const CONTROLLERS: Readonly<Record<ControllerName, IngressController>> = {
  nginx: {
    // Annotations count for the whole Ingress, so what they say of a model's path must be one of its capture groups.
    path: (path) => ({ path: `/(${escaped(path.slice(1))})(/|$)(.*)`, pathType: "ImplementationSpecific" }),
    rest: { path: "/()()(.*)", pathType: "ImplementationSpecific" },
    annotations: nginxAnnotations,
    usesMiddleware: false,
  },
  traefik: {
    ...PLAIN,
    // StripPrefixRegex sets X-Forwarded-Prefix by itself.
    annotations: () => ({}),
    usesMiddleware: true,
  },
  none: { ...PLAIN, annotations: () => ({}), usesMiddleware: false },
};

/** @see https://github.com/kubernetes/ingress-nginx/blob/main/docs/user-guide/nginx-configuration/annotations.md */
function nginxAnnotations({ tls, timeoutSeconds, maxBodySize }: IngressRouting): Record<string, string> {
  const annotations = {
    "use-regex": "true",
    "rewrite-target": "/$3",
    "x-forwarded-prefix": "/$1",
    // Said in any case, since the controller's own defaults can be changed: a model's answer is sent on as it comes.
    "proxy-buffering": "off",
    ...(tls && { "ssl-redirect": `${tls.redirect}` }),
    ...(timeoutSeconds !== undefined && {
      "proxy-read-timeout": `${timeoutSeconds}`,
      "proxy-send-timeout": `${timeoutSeconds}`,
    }),
    // Buffered as by default: Traefik, which can serve such an Ingress, measures only what it buffers.
    ...(maxBodySize !== undefined && {
      "proxy-body-size": wholeBytes(maxBodySize),
      "proxy-request-buffering": "on",
    }),
  };
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value]),
  );
}

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
  const [, path] = /^\/\(?([^()]*)\)?\(\/\|\$\)\(\.\*\)$/.exec(written) ?? [];
  if (written === CONTROLLERS.nginx.rest.path) return "/";
  return path === undefined ? written : `/${path.replaceAll("\\.", ".")}`;
}

/** A path as a regular expression that matches only that path. Its only special character can be ".". */
function escaped(path: string): string {
  return path.replaceAll(".", "\\.");
}
