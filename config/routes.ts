import { hostsOf, modelPath, modelPaths, OPENAI_PATH } from "../fleet/names";
import { nearest } from "../lib/nearest";
import type { FleetSettings } from "./fleet-schema";
import { problemsOfGateway, problemsOfRoutes } from "./gateway-rules";
import { problemsOfIds } from "./models";
import { modelHeaderOf, problemsOfOpenai } from "./openai-rules";
import { keyOfPath, problem, type Problem } from "./problem";
import { problemsOfRouteLimits } from "./route-limits";

/** What of a model leads to it. */
interface Routed {
  readonly id: string;
  readonly path: string;
  readonly aliases: readonly string[];
  readonly host?: string | undefined;
  readonly route?: { readonly timeoutSeconds?: number | undefined };
  readonly challengers?: readonly {
    readonly variant: string;
    readonly headers?: Readonly<Record<string, string>> | undefined;
  }[];
}

/** A model with the paths that former prefixes gave it. */
export function withFormerPaths<T extends Routed>(
  model: T,
  { formerPathPrefixes }: Pick<FleetSettings["routing"], "formerPathPrefixes">,
): T {
  const former = formerPathPrefixes.map((prefix) => modelPath(prefix, model.id));
  const fresh = former.filter((path) => !modelPaths(model).includes(path));
  return fresh.length === 0 ? model : { ...model, aliases: [...model.aliases, ...fresh] };
}

/** Everything about paths, hosts and HTTPS that needs more than one setting. */
export function problemsOfRouting(fleet: FleetSettings, models: readonly Routed[]): Problem[] {
  return [
    ...overlappingPaths(models, fleet.routing),
    ...problemsOfHosts(fleet.routing, models),
    ...problemsOfTls(fleet.routing),
    ...problemsOfGateway(fleet),
    ...problemsOfRoutes(fleet.routing, models),
    ...problemsOfRouteLimits(fleet.routing, models),
    ...problemsOfOpenai(fleet.routing, models),
    ...problemsOfRetired(fleet, models),
  ];
}

/** How a controller compares paths. */
interface Comparison {
  /** Two paths are the same if this is. */
  readonly asCompared: (path: string) => string;
  /** What a message says of it. */
  readonly why: string;
}

const EXACT: Comparison = { asCompared: (path) => path, why: "" };

/** No path may be inside another path. Whole segments count: /models/m1 and /models/m10 do not overlap. */
export function overlappingPaths(
  models: readonly Routed[],
  { formerPathPrefixes }: Pick<FleetSettings["routing"], "formerPathPrefixes">,
  { asCompared, why }: Comparison = EXACT,
): Problem[] {
  const isFormer = (id: string, path: string) =>
    formerPathPrefixes.some((prefix) => modelPath(prefix, id) === path);
  const owners = new Map<string, { readonly id: string; readonly path: string }>();
  const all = models.flatMap(({ id, ...model }) =>
    modelPaths(model).map((path, index) => ({
      id,
      path,
      compared: asCompared(path),
      key: isFormer(id, path) ? "routing.formerPathPrefixes" : keyOfPath(id, index),
    })),
  );
  const problems: Problem[] = [];
  const clash = ({ path, key }: (typeof all)[number], outer: string) => {
    const owner = owners.get(outer);
    const rule = `is inside the path of "${owner?.id}" (${owner?.path})${why}`;
    problems.push(problem(key, path, rule, "give one of them another path"));
  };
  for (const one of all) {
    if (owners.has(one.compared)) clash(one, one.compared);
    else owners.set(one.compared, one);
  }
  for (const one of all) {
    const { compared } = one;
    for (let end = compared.lastIndexOf("/"); end > 0; end = compared.lastIndexOf("/", end - 1)) {
      const outer = compared.slice(0, end);
      if (owners.has(outer)) clash(one, outer);
    }
  }
  return problems;
}

/** Without a host, the models answer on every host. A model's own host is nobody else's. */
function problemsOfHosts(routing: FleetSettings["routing"], models: readonly Routed[]): Problem[] {
  const { host, additionalHosts } = routing;
  const rule = "needs routing.host: without it, the models answer on every host";
  const owners = new Map(hostsOf(routing).flatMap((one) => (one === undefined ? [] : [[one, "all models"]])));
  return [
    ...(host !== undefined || additionalHosts.length === 0
      ? []
      : [problem("routing.additionalHosts", undefined, rule, "set routing.host, or remove it")]),
    ...models.flatMap((model) => {
      if (model.host === undefined) return [];
      const owner = owners.get(model.host);
      owners.set(model.host, `"${model.id}"`);
      const taken = `is the host of ${owner} already, and the model would answer at / there`;
      return owner === undefined
        ? []
        : [problem(`catalog.${model.id}.host`, model.host, taken, "give it a host of its own")];
    }),
  ];
}

/** A certificate is for a host name, and clients shall not be sent to HTTP first. */
function problemsOfTls({ host, tls, url }: FleetSettings["routing"]): Problem[] {
  if (tls === undefined) return [];
  const needsHost = "needs routing.host, since a certificate is for a host name";
  const isHttp = "is HTTP, although routing.tls is set";
  return [
    ...(host === undefined
      ? [problem("routing.tls", undefined, needsHost, "set routing.host, or remove routing.tls")]
      : []),
    ...(url?.startsWith("http://")
      ? [problem("routing.url", url, isHttp, "let it begin with https://")]
      : []),
  ];
}

type Retirement = Pick<FleetSettings, "routing" | "catalog">;

/** The path of a retired model. A catalog entry that stayed may have a path of its own. */
function retiredPath({ routing, catalog }: Retirement, id: string): string {
  return catalog[id]?.path ?? modelPath(routing.pathPrefix, id);
}

/** The path of each retired model with that of its successor, also where the list of models has them. */
export function retiredPaths(fleet: Retirement, models: readonly Routed[]): Record<string, string> {
  const pathOf = new Map(models.map(({ id, path }) => [id, path]));
  const isListed = modelHeaderOf(fleet.routing) !== undefined;
  const paths = Object.entries(fleet.routing.retired).flatMap(([id, successor]): [string, string][] => [
    [retiredPath(fleet, id), pathOf.get(successor) ?? ""],
    ...(isListed
      ? [[`${OPENAI_PATH}/models/${id}`, `${OPENAI_PATH}/models/${successor}`] as [string, string]]
      : []),
  ]);
  return Object.fromEntries(paths);
}

/** A retired model is none of the list, nothing else has its path, and its successor is there. */
function problemsOfRetired(fleet: Retirement, models: readonly Routed[]): Problem[] {
  const { retired, defaultBackend } = fleet.routing;
  if (Object.keys(retired).length === 0) return [];
  const ids = models.map(({ id }) => id);
  const owners = new Map(models.flatMap(({ id, ...model }) => modelPaths(model).map((path) => [path, id])));
  const needs = problem(
    "routing.retired",
    undefined,
    "needs routing.defaultBackend, which answers for these models",
    "set routing.defaultBackend.image, or remove routing.retired",
  );
  return [
    ...(defaultBackend === undefined ? [needs] : []),
    ...problemsOfIds("routing.retired", retired),
    ...Object.entries(retired).flatMap(([id, successor]) => {
      const at = `routing.retired.${id}`;
      const path = retiredPath(fleet, id);
      const owner = owners.get(path);
      if (ids.includes(id))
        return [
          problem(at, undefined, "is an active model", "take it off the list of models, or remove this"),
        ];
      if (owner !== undefined)
        return [problem(at, undefined, `its path ${path} leads to "${owner}"`, "remove one of the two")];
      if (ids.includes(successor)) return [];
      const near = nearest(successor, ids);
      const fix = near === undefined ? "name a model of the list" : `did you mean "${near}"?`;
      return [problem(at, successor, "is no active model", fix)];
    }),
  ];
}
