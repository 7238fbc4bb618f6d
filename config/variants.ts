import { DEFAULT_VARIANT, modelNames, modelTitle, problemOfModelId } from "../fleet/names";
import { nearest } from "../lib/nearest";
import type { FleetSettings } from "./fleet-schema";
import { sameHeaders } from "./headers";
import type { VariantSettings } from "./model-schema";
import { pathText, problem, type Problem } from "./problem";
import type { Protocol } from "./settings/container";

type Entry = FleetSettings["catalog"][string];
type Flavour = FleetSettings["routing"]["flavour"];

/** What a variant gets of the requests. */
interface Share {
  readonly weight: number;
  readonly mirrorPercent?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The share of each variant by name. The champion has what the others leave, whatever its own settings say. */
export function sharesOf(entry: Entry): (variant: string) => Share {
  const others = challengersOf(entry);
  const rest = 100 - percentOf(others);
  const shares = new Map(
    others.map(([name, { trafficPercent = 0, mirrorPercent = 0, headers }]) => [
      name,
      { weight: trafficPercent, ...(mirrorPercent > 0 && { mirrorPercent }), ...(headers && { headers }) },
    ]),
  );
  return (variant) => shares.get(variant) ?? { weight: variant === championOf(entry) ? rest : 0 };
}

/** The name of a model's champion; undefined if the settings lack it. */
export function championOf({
  variants = {},
  champion,
}: Pick<Entry, "variants" | "champion">): string | undefined {
  return Object.keys(variants).length === 0 ? DEFAULT_VARIANT : champion;
}

function challengersOf(entry: Entry): [string, VariantSettings][] {
  return Object.entries(entry.variants ?? {}).filter(([name]) => name !== championOf(entry));
}

function percentOf(variants: readonly (readonly [string, VariantSettings])[]): number {
  return variants.reduce((sum, [, { trafficPercent = 0 }]) => sum + trafficPercent, 0);
}

/** What else decides which shares are possible. */
interface Around {
  readonly flavour: Flavour;
  /** Of the variants, by name; one with other problems is left out. */
  readonly replicas: ReadonlyMap<string, number>;
}

/** Problems of a model's champion, and of how its requests are shared. */
export function problemsOfVariants(id: string, entry: Entry, { flavour, replicas }: Around): Problem[] {
  const { variants = {} } = entry;
  if (Object.keys(variants).length === 0) return problemsWithoutVariants(id, entry);
  const others = challengersOf(entry);
  const sum = percentOf(others);
  const parts = others
    .filter(([, { trafficPercent = 0 }]) => trafficPercent > 0)
    .map(([, one]) => one.trafficPercent);
  return [
    ...problemsOfChampion(id, entry),
    ...pausedChampion(id, entry, replicas),
    ...(sum > 100
      ? [
          problem(
            `catalog.${id}.variants`,
            undefined,
            `the trafficPercent of all but the champion are ${parts.join(" + ")} = ${sum}, and at most 100 are possible`,
            "lower one of them",
          ),
        ]
      : []),
    ...others.flatMap(([name, one]) =>
      problemsOfShare(pathText(["catalog", id, "variants", name]), one, {
        isPaused: replicas.get(name) === 0,
        flavour,
      }),
    ),
    ...sharedHeaders(id, others),
  ];
}

function problemsWithoutVariants(id: string, { champion }: Entry): Problem[] {
  if (champion === undefined || champion === DEFAULT_VARIANT) return [];
  const rule = "names a variant, and the model has none";
  return [problem(`catalog.${id}.champion`, champion, rule, `remove it, or set catalog.${id}.variants`)];
}

function problemsOfChampion(id: string, { champion, variants = {} }: Entry): Problem[] {
  const names = Object.keys(variants).sort();
  if (champion !== undefined && names.includes(champion)) return [];
  const near = champion === undefined ? undefined : nearest(champion, names);
  const fix = near === undefined ? `name one of ${names.join(", ")}` : `did you mean "${near}"?`;
  const rule = champion === undefined ? "is missing: the model has variants" : "is no variant of the model";
  return [problem(`catalog.${id}.champion`, champion, rule, fix)];
}

/** A paused model has no pods at all. With others, an edit of the champion would take it down by mistake. */
function pausedChampion(id: string, { champion = "" }: Entry, replicas: Around["replicas"]): Problem[] {
  const others = [...replicas].filter(([name, count]) => name !== champion && count > 0);
  if (replicas.get(champion) !== 0 || others.length === 0) return [];
  const rule = "has 0 replicas, so the model's paths would lead to no pod, while other variants have some";
  return [
    problem(`catalog.${id}.champion`, champion, rule, "set its replicas to 1 or more, or those of all to 0"),
  ];
}

function problemsOfShare(
  at: string,
  { trafficPercent = 0, mirrorPercent = 0, headers }: VariantSettings,
  { isPaused, flavour }: { readonly isPaused: boolean; readonly flavour: Flavour },
): Problem[] {
  const split = [
    ...(trafficPercent > 0 ? [[`${at}.trafficPercent`, trafficPercent] as const] : []),
    ...(mirrorPercent > 0 ? [[`${at}.mirrorPercent`, mirrorPercent] as const] : []),
    ...(headers === undefined ? [] : [[`${at}.headers`, undefined] as const]),
  ];
  const needsRoutes = `needs HTTPRoutes, since an Ingress cannot split requests (routing.flavour is ${flavour})`;
  const problems = split.flatMap(([path, value]) => [
    ...(flavour === "gateway"
      ? []
      : [problem(path, value, needsRoutes, "set routing.flavour to gateway, or remove it")]),
    ...(isPaused
      ? [
          problem(
            path,
            value,
            "leads to no pod, since its replicas are 0",
            "remove it, or set replicas to 1 or more",
          ),
        ]
      : []),
  ]);
  if (trafficPercent === 0 || mirrorPercent === 0) return problems;
  const rule = "is set beside trafficPercent: a request would come twice";
  return [...problems, problem(`${at}.mirrorPercent`, mirrorPercent, rule, "remove one of the two")];
}

/** A request that two variants ask for by the same headers would go to either. */
function sharedHeaders(id: string, others: readonly (readonly [string, VariantSettings])[]): Problem[] {
  const first = new Map<string, string>();
  return others.flatMap(([name, { headers }]) => {
    if (headers === undefined) return [];
    const key = sameHeaders(headers);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, name);
    const path = pathText(["catalog", id, "variants", name, "headers"]);
    return earlier === undefined
      ? []
      : [problem(path, undefined, `are those of the variant "${earlier}" too`, "let the two differ")];
  });
}

/** What names the objects of a model. */
interface Named {
  readonly id: string;
  readonly variant: string;
  readonly challengers: readonly { readonly variant: string }[];
}

/** The names of a variant's objects must be possible, and those of no other model or variant. */
function problemsOfNames(models: readonly Named[]): Problem[] {
  const owners = new Map(models.map(({ id }) => [id, modelTitle(id)]));
  return models.flatMap(({ id, variant, challengers }) =>
    [variant, ...challengers.map((one) => one.variant)]
      .filter((name) => name !== DEFAULT_VARIANT)
      .sort()
      .flatMap((name) => {
        const object = modelNames(id, name).deployment;
        const path = pathText(["catalog", id, "variants", name]);
        const rule = problemOfModelId(object);
        if (rule !== undefined)
          return [
            problem(
              path,
              undefined,
              `its objects' name ${JSON.stringify(object)} ${rule}`,
              "rename the variant",
            ),
          ];
        const owner = owners.get(object);
        if (owner === undefined) owners.set(object, modelTitle(id, name));
        return owner === undefined
          ? []
          : [
              problem(
                path,
                undefined,
                `its objects would be named "${object}", as those of ${owner}`,
                "rename the variant",
              ),
            ];
      }),
  );
}

/** A variant as it is compared with the others. */
type Speaking = { readonly variant: string; readonly protocol: Protocol };
type SpeakingModel = Speaking & { readonly id: string; readonly challengers: readonly Speaking[] };

/** What is wrong between variants of one model, or of several ones. */
export function problemsAmongVariants(models: readonly SpeakingModel[]): Problem[] {
  return [...problemsOfNames(models), ...models.flatMap(problemsOfProtocols)];
}

/** The variants of a model answer the same requests. */
function problemsOfProtocols({ id, protocol, challengers }: SpeakingModel): Problem[] {
  return challengers
    .filter((one) => one.protocol !== protocol)
    .map((one) => {
      const path = pathText(["catalog", id, "variants", one.variant, "protocol"]);
      const rule = `is not that of the champion, "${protocol}", whose requests it gets too`;
      return problem(path, one.protocol, rule, `set catalog.${id}.protocol for all variants`);
    });
}
