import { modelPaths, OPENAI_PATH } from "../fleet/names";
import type { FleetSettings } from "./fleet-schema";
import { MAX_HEADERS } from "./headers";
import { keyOfPath, pathText, problem, type Problem } from "./problem";

type Routing = FleetSettings["routing"];

/** What of a model leads to it, by path and by header. */
interface Named {
  readonly id: string;
  readonly path: string;
  readonly aliases: readonly string[];
  readonly challengers?: readonly {
    readonly variant: string;
    readonly headers?: Readonly<Record<string, string>> | undefined;
  }[];
}

/** The header that names a model at the address that all models share; undefined if there is no such address. */
export function modelHeaderOf({
  openai,
  modelHeader,
}: Partial<Pick<Routing, "openai" | "modelHeader">>): string | undefined {
  return openai === true ? modelHeader : undefined;
}

/** Problems of the address that all models share. */
export function problemsOfOpenai(routing: Routing, models: readonly Named[]): Problem[] {
  if (!routing.openai) return [];
  return [
    ...problemsOfNeeds(routing),
    ...problemsOfPages(routing),
    ...problemsOfPaths(routing, models),
    ...models.flatMap((model) => problemsOfVariantHeaders(routing, model)),
  ];
}

function problemsOfNeeds({ flavour, defaultBackend }: Routing): Problem[] {
  const needsRoutes = `needs HTTPRoutes, since an Ingress cannot choose by a header (routing.flavour is ${flavour})`;
  const needsList = `needs routing.defaultBackend, which answers ${OPENAI_PATH}/models and requests without a model`;
  return [
    ...(flavour === "gateway"
      ? []
      : [problem("routing.openai", true, needsRoutes, "set routing.flavour to gateway, or remove it")]),
    ...(defaultBackend === undefined
      ? [problem("routing.openai", true, needsList, "set routing.defaultBackend.image, or remove it")]
      : []),
  ];
}

/** Pages of other origins may send no header that is not allowed. */
function problemsOfPages({ cors, modelHeader }: Routing): Problem[] {
  if (cors === undefined) return [];
  const allowed = cors.allowHeaders.map((name) => name.toLowerCase());
  if (allowed.includes("*") || allowed.includes(modelHeader.toLowerCase())) return [];
  const rule = `lacks ${modelHeader}, by which pages name a model at ${OPENAI_PATH} (routing.modelHeader)`;
  return [problem("routing.cors.allowHeaders", cors.allowHeaders, rule, "add it")];
}

/** A longer path would take requests that are meant for the model that a header names. */
function problemsOfPaths({ pathPrefix, formerPathPrefixes }: Routing, models: readonly Named[]): Problem[] {
  const rule = `is inside ${OPENAI_PATH}, where a header names the model (routing.openai)`;
  const prefixes = [
    ["routing.pathPrefix", pathPrefix] as const,
    ...formerPathPrefixes.map((prefix, index) => [`routing.formerPathPrefixes[${index}]`, prefix] as const),
  ].filter(([, prefix]) => isShared(prefix));
  const isOfPrefix = (id: string, path: string) => prefixes.some(([, prefix]) => path === `${prefix}/${id}`);
  return [
    ...prefixes.map(([key, prefix]) => problem(key, prefix, rule, "choose another prefix")),
    ...models.flatMap(({ id, ...model }) =>
      modelPaths(model).flatMap((path, index) => {
        if (!isShared(path) || isOfPrefix(id, path)) return [];
        return [problem(keyOfPath(id, index), path, rule, "choose another path")];
      }),
    ),
  ];
}

function isShared(path: string): boolean {
  return path === OPENAI_PATH || path.startsWith(`${OPENAI_PATH}/`);
}

/** The rules of a variant compare its headers and the one that names the model. */
function problemsOfVariantHeaders({ modelHeader }: Routing, { id, challengers = [] }: Named): Problem[] {
  return challengers.flatMap(({ variant, headers = {} }) => {
    const names = Object.keys(headers);
    const at = pathText(["catalog", id, "variants", variant, "headers"]);
    if (names.some((name) => name.toLowerCase() === modelHeader.toLowerCase())) {
      const rule = `has ${modelHeader}, which names the model (routing.modelHeader)`;
      return [problem(at, undefined, rule, "remove it, or choose another one for either")];
    }
    if (names.length < MAX_HEADERS) return [];
    const rule = `has ${names.length} headers beside ${modelHeader} (routing.modelHeader), and a route compares at most ${MAX_HEADERS}`;
    return [problem(at, undefined, rule, "remove one")];
  });
}
