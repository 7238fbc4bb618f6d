/** Which requests an Ingress claims, and where two claims meet. Pure. */

import type { IngressObject } from "./snapshot";

/** Requests for a path on a host. */
export interface Claim {
  /** @default every host */
  readonly host: string | undefined;
  /** Without a trailing slash; `/` is what no other path claims. */
  readonly path: string;
  /** Whether paths below it are not claimed. */
  readonly isExact: boolean;
  /** Name of the Service that they go to. @default not known */
  readonly service?: string | undefined;
}

/** An annotation that was the class before `ingressClassName`, and is still in use. */
const CLASS = "kubernetes.io/ingress.class";
/** An Ingress with this annotation gets a share of another Ingress's requests on purpose. */
const CANARY = "nginx.ingress.kubernetes.io/canary";

/** The IngressClass of an Ingress. Without one, no controller serves it unless it was set up for that. */
export function classOf({ metadata, spec }: IngressObject): string | undefined {
  return spec?.ingressClassName ?? metadata?.annotations?.[CLASS];
}

/** An Ingress as `adopt` names it. */
export function entryOf({ metadata = {} }: IngressObject): string {
  return `ingress/${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

/** The requests that an Ingress claims, as far as its paths can be understood. */
export function claimsOf({ metadata, spec = {} }: IngressObject): Claim[] {
  if (metadata?.annotations?.[CANARY] === "true") return [];
  const rest: Claim = { host: undefined, path: "/", isExact: false };
  return [
    ...(spec.defaultBackend === undefined ? [] : [rest]),
    ...(spec.rules ?? []).flatMap(({ host, http }) =>
      (http?.paths ?? []).flatMap(({ path = "/", pathType, backend }) => {
        const plain = plainPath(path);
        return plain === undefined
          ? []
          : [
              {
                host: host || undefined,
                path: plain,
                isExact: pathType === "Exact",
                service: backend?.service?.name,
              },
            ];
      }),
    ),
  ];
}

/** The ends of regular expressions that mean "and everything below", as this program and ingress-nginx's manual write them. */
const BELOW = /(\(\)\(\)\(\.\*\)|\(\/\|\$\)\(\.\*\)|\(\/\.\*\)\?|\(\)\(\.\*\)|\(\.\*\)|\.\*)$/;

/** The path that a path or a regular expression means; undefined if the expression means more than one. */
export function plainPath(path: string): string | undefined {
  const literal = path
    .replace(BELOW, "")
    // The group that the fleet's own path is for ingress-nginx.
    .replace(/^\/\(([^()]*)\)/, "/$1")
    .replace(/\/\??$/, "")
    .replaceAll("\\.", ".");
  return /[()[\]{}|*+?^$\\]/.test(literal) ? undefined : literal || "/";
}

/**
 * Those of our claims of which the others would take requests, or that would take theirs: the same path, or a path
 * inside the other. `/` claims only what is left, so it meets nothing but another `/` on the same host.
 */
export function overlaps(ours: readonly Claim[], theirs: readonly Claim[]): Claim[] {
  const hosts = [...new Set(ours.map(({ host }) => host))];
  const met = new Set<Claim>();
  for (const host of hosts) {
    const near = theirs.filter((other) => hostsMeet(host, other.host));
    const paths = new Set(near.map(({ path }) => path));
    const prefixes = new Set(near.flatMap(({ path, isExact }) => (isExact ? [] : path)));
    const within = new Set(near.flatMap(({ path }) => ancestors(path)));
    const isRest = near.some((other) => other.path === "/" && sameHost(host, other.host));
    for (const claim of ours.filter((own) => own.host === host)) {
      const { path } = claim;
      const meets =
        path === "/"
          ? isRest
          : paths.has(path) || within.has(path) || ancestors(path).some((outer) => prefixes.has(outer));
      if (meets) met.add(claim);
    }
  }
  return ours.filter((claim) => met.has(claim));
}

/** The paths that a path is inside, without `/`: `/a/b` is inside `/a`. */
function ancestors(path: string): string[] {
  const result: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
    result.push(path.slice(0, end));
  return result;
}

function sameHost(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** Whether a request can be for both hosts. A wildcard is one label: `*.example.com`. */
export function hostsMeet(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || sameHost(a, b)) return true;
  const isUnder = (host: string, wildcard: string) =>
    wildcard.startsWith("*.") &&
    host.slice(host.indexOf(".")).toLowerCase() === wildcard.slice(1).toLowerCase();
  return isUnder(a, b) || isUnder(b, a);
}
