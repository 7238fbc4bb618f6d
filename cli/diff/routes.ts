import { plainPath } from "../../components/routing/controllers";
import type { ObjectState, Step } from "./steps";

/** The paths that lead to a model before and after an update. */
export interface RouteChange {
  readonly old: readonly string[];
  readonly new: readonly string[];
}

/** The fields of an Ingress that are read. */
interface IngressSpec {
  readonly rules?: readonly {
    readonly http?: { readonly paths?: readonly IngressPath[] };
  }[];
}

interface IngressPath {
  readonly path: string;
  readonly backend: { readonly service: { readonly name: string } };
}

/** The paths of the fleet's Ingress by the model's Service, which has the model's ID. */
export function pathsOf(steps: readonly Step[]): Map<string, RouteChange> {
  const routes = new Map<string, RouteChange>();
  const ingresses = steps.filter(({ type }) => type === "kubernetes:networking.k8s.io/v1:Ingress");
  for (const { op, old, new: next } of ingresses) {
    for (const [service, path] of pathsIn(old)) {
      const known = routes.get(service) ?? { old: [], new: [] };
      routes.set(service, { ...known, old: [...known.old, path] });
    }
    for (const [service, path] of pathsIn(op === "delete" ? undefined : next)) {
      const known = routes.get(service) ?? { old: [], new: [] };
      routes.set(service, { ...known, new: [...known.new, path] });
    }
  }
  return routes;
}

/** `its path /models/iris goes`, `path /models/iris added`, `path /a -> /b`; empty if the paths stay. */
export function routingWords(route: RouteChange | undefined): string[] {
  const { old, new: next } = route ?? { old: [], new: [] };
  const gone = old.filter((path) => !next.includes(path));
  const come = next.filter((path) => !old.includes(path));
  if (gone.length === 1 && come.length === 1) return [`path ${gone[0]} -> ${come[0]}`];
  return [...gone.map((path) => `its path ${path} goes`), ...come.map((path) => `path ${path} added`)];
}

function pathsIn(state: ObjectState | undefined): [service: string, path: string][] {
  const { rules = [] } = (state?.inputs["spec"] ?? {}) as IngressSpec;
  return rules.flatMap(({ http }) =>
    (http?.paths ?? []).map(({ path, backend }): [string, string] => [backend.service.name, plainPath(path)]),
  );
}
