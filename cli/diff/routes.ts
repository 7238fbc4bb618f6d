import { plainPath } from "../../components/routing/controllers";
import { DEFAULT_VARIANT } from "../../fleet/names";
import { pulumiType } from "../../fleet/objects";
import type { ObjectState, Step } from "./steps";

/** The paths that lead to a model before and after an update. */
export interface RouteChange {
  readonly old: Paths;
  readonly new: Paths;
}

/** The share of the requests of each variant, in per cent and by name, by path. */
type Paths = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A path that leads to a Service. */
interface Led {
  readonly path: string;
  readonly service: string;
  readonly percent: number;
}

/** The fields of an Ingress and of an HTTPRoute that are read. */
interface RoutingSpec {
  readonly hostnames?: readonly string[];
  readonly rules?: readonly {
    readonly host?: string;
    readonly http?: { readonly paths?: readonly IngressPath[] };
    readonly matches?: readonly { readonly path?: { readonly value?: string }; readonly headers?: unknown }[];
    readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[];
  }[];
}

interface IngressPath {
  readonly path: string;
  readonly backend: { readonly service: { readonly name: string } };
}

const MODEL = "modelfleet:serving:ModelService";
const INGRESS = pulumiType("ingress");
export const HTTP_ROUTE = pulumiType("httproute");

/** The variant of a model's object: `b` of `iris/b` and of `iris/b.version`. */
export function variantOf({ name }: Pick<Step, "name">): string {
  return /\/([^.]+)/.exec(name)?.[1] ?? DEFAULT_VARIANT;
}

/** The paths of the fleet's Ingress and HTTPRoutes by the ID of the model. */
export function pathsOf(steps: readonly Step[]): Map<string, RouteChange> {
  const owners = ownersOf(steps);
  const changes = new Map<
    string,
    { old: Record<string, Record<string, number>>; new: Record<string, Record<string, number>> }
  >();
  const add = (when: "old" | "new", { path, service, percent }: Led) => {
    const { id, variant } = owners.get(service) ?? { id: service, variant: DEFAULT_VARIANT };
    const change = changes.get(id) ?? { old: {}, new: {} };
    changes.set(id, change);
    (change[when][path] ??= {})[variant] = percent;
  };
  for (const { op, old, new: next } of steps.filter(({ type }) => type === INGRESS || type === HTTP_ROUTE)) {
    for (const led of ledBy(old)) add("old", led);
    for (const led of ledBy(op === "delete" ? undefined : next)) add("new", led);
  }
  return changes;
}

/** The model and the variant of each Service. */
function ownersOf(steps: readonly Step[]): Map<string, { readonly id: string; readonly variant: string }> {
  const services = steps.filter(({ type, owner }) => type === pulumiType("service") && owner.type === MODEL);
  return new Map(
    services.map((step) => {
      const { metadata } = (step.new ?? step.old)?.inputs ?? {};
      const { name = step.name } = (metadata ?? {}) as { readonly name?: string };
      return [name, { id: step.owner.name, variant: variantOf(step) }];
    }),
  );
}

/**
 * `its path /models/iris goes`, `path /models/iris added`, `path /a -> /b`, `champion a -> b`, or
 * `requests a 100 % -> a 90 %, b 10 %`; empty if all stays.
 */
export function routingWords(route: RouteChange | undefined): string[] {
  const { old, new: next } = route ?? { old: {}, new: {} };
  const gone = Object.keys(old).filter((path) => !(path in next));
  const come = Object.keys(next).filter((path) => !(path in old));
  const moved =
    gone.length === 1 && come.length === 1
      ? [`path ${gone[0]} -> ${come[0]}`]
      : [...gone.map((path) => `its path ${path} goes`), ...come.map((path) => `path ${path} added`)];
  const shared = Object.keys(next).flatMap((path) => shareWords(old[path], next[path]));
  return [...moved, ...new Set(shared)];
}

function shareWords(
  old: Readonly<Record<string, number>> | undefined,
  next: Readonly<Record<string, number>> = {},
): string[] {
  if (old === undefined) return [];
  const [before, after] = [old, next].map((shares) => Object.entries(shares).sort(([, a], [, b]) => b - a));
  if (before === undefined || after === undefined || JSON.stringify(before) === JSON.stringify(after))
    return [];
  if (before.length === 1 && after.length === 1) return [`champion ${before[0]?.[0]} -> ${after[0]?.[0]}`];
  const text = (shares: typeof before) => shares.map(([name, percent]) => `${name} ${percent} %`).join(", ");
  return [`requests ${text(before)} -> ${text(after)}`];
}

function ledBy(state: ObjectState | undefined): Led[] {
  const { rules = [], hostnames = [] } = (state?.inputs["spec"] ?? {}) as RoutingSpec;
  // What leads to a model at `/` is its own host.
  const named = (path: string, host: string | undefined) =>
    path === "/" && host !== undefined ? host : path;
  return rules.flatMap(({ host, http, matches = [], backendRefs = [] }) => [
    ...(http?.paths ?? []).map(({ path, backend }) => ({
      path: named(plainPath(path), host),
      service: backend.service.name,
      percent: 100,
    })),
    // A rule with headers is for a part of the requests that nobody knows.
    ...matches
      .filter(({ headers }) => headers === undefined)
      .flatMap(({ path }) =>
        backendRefs.map(({ name, weight = 100 }) => ({
          path: named(path?.value ?? "/", hostnames[0]),
          service: name,
          percent: weight,
        })),
      ),
  ]);
}
