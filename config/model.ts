import { artefactOf } from "../fleet/artefact";
import { DEFAULT_VARIANT, modelPath } from "../fleet/names";
import type { PodSecurity } from "../fleet/owner";
import { check } from "./explain";
import type { FleetSettings } from "./fleet-schema";
import { imageOf, merged, type Values, written } from "./layers";
import { isMap, merge, without, withoutNulls } from "./merge";
import { missingImages } from "./missing-images";
import {
  MODEL_DEFAULTS,
  model as modelSchema,
  type ModelSettings,
  partialModel,
  share,
  SHARED_SETTINGS,
} from "./model-schema";
import { atItsPlace } from "./place";
import { pathText, type Problem } from "./problem";
import { withProfile } from "./profiles";
import { withRuntime } from "./runtimes";
import { type Autoscaling, autoscalingOf } from "./scaling";
import { problemsOfVariant, secretsKeys } from "./variant-rules";
import { championOf, problemsOfVariants, sharesOf } from "./variants";

/** A variant of a model, with every default. @typeParam Secret A secret value: plain here, wrapped by `load.ts`. */
export interface Variant<Secret = string> extends Omit<ModelSettings, (typeof SHARED_SETTINGS)[number]> {
  /** Its name; `default` for a model without variants. */
  readonly variant: string;
  /** Secret environment of the container. */
  readonly secretEnv: Readonly<Record<string, Secret>>;
  /** Image that downloads the model's files. @default none, since nothing is downloaded */
  readonly initializerImage?: string;
  /** How many pods it may have; undefined if `replicas` are fixed. */
  readonly autoscaling?: Autoscaling | undefined;
  /** Whether the settings say how many pods it has, rather than the default. */
  readonly saysReplicas: boolean;
  /** Share of the requests, per cent; all variants of a model together have 100. */
  readonly weight: number;
  /** Share of the requests that it gets a copy of, per cent. @default none */
  readonly mirrorPercent?: number | undefined;
  /** Requests with all of these headers go to it. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An active model: what its champion runs, and the variants beside it. @typeParam Secret As in {@link Variant}. */
export interface Model<Secret = string> extends Variant<Secret>, ModelSettings {
  readonly id: string;
  /** Sorted by name; empty for a model without variants. */
  readonly challengers: readonly Variant<Secret>[];
}

/** A checked value, or problems. */
export interface Result<T> {
  readonly data?: T;
  readonly problems: readonly Problem[];
}

/** Every variant of a model, the champion first. */
export function variantsOf<Secret>(model: Model<Secret>): Variant<Secret>[] {
  return [model, ...model.challengers];
}

/** Merges the built-in defaults, the fleet's, the model's and those of each variant, and checks the results. */
export function resolveModel(
  id: string,
  values: Values,
  fleet: FleetSettings,
  ids: readonly string[],
): Result<Model> {
  const { shared, variants } = written(id, values);
  const missing = missingImages([id], values, ids);
  const layers = Object.entries(variants ?? { [DEFAULT_VARIANT]: {} });
  const results = layers.map(([name, own]) => {
    const whole = withRuntime([...shared, own], values["runtimes"]);
    const settings = merged(withProfile(whole, fleet.resourceProfiles));
    const result = resolveVariant({ id, name, settings, own: variants && own }, fleet);
    return { name, data: result.data, problems: result.problems };
  });
  const entry = fleet.catalog[id] ?? {};
  const replicas = new Map(
    results.flatMap(({ name, data }) => (data ? [[name, data.replicas ?? 1] as const] : [])),
  );
  const problems = [
    ...missing,
    ...results.flatMap((result) => result.problems),
    ...problemsOfVariants(id, entry, { flavour: fleet.routing.flavour, replicas }),
  ];
  const shares = sharesOf(entry);
  const all = results.flatMap(({ name, data }) =>
    data ? [{ ...data, variant: name, ...shares(name) }] : [],
  );
  const first = all.find(({ variant }) => variant === championOf(entry));
  // What a program gets lacks nothing: a model with a problem is left out.
  if (first === undefined || all.length < results.length) return { problems: [...new Set(problems)] };
  const challengers = all
    .filter((one) => one !== first)
    .map((one) => without(one, SHARED_SETTINGS))
    .sort((a, b) => (a.variant < b.variant ? -1 : 1));
  return { data: { ...first, id, challengers }, problems: [...new Set(problems)] };
}

/** The strictest Pod Security Standard that all pods of some models pass. */
export function podSecurityOf({ models }: { readonly models: readonly Model<unknown>[] }): PodSecurity {
  const levels = models.flatMap((model) => variantsOf(model).map(({ podSecurity }) => podSecurity));
  return levels.includes("baseline") ? "baseline" : "restricted";
}

/** What a variant is resolved from. */
interface Layers {
  readonly id: string;
  readonly name: string;
  /** With those of its model, its runtime and its hardware. */
  readonly settings: unknown;
  /** What it says itself. Undefined for a model without variants. */
  readonly own: unknown;
}

type ResolvedVariant = ModelSettings &
  Pick<Variant, "secretEnv" | "initializerImage" | "autoscaling" | "saysReplicas">;

function resolveVariant(
  { id, name, settings: written, own }: Layers,
  fleet: FleetSettings,
): Result<ResolvedVariant> {
  const at = own === undefined ? `catalog.${id}` : pathText(["catalog", id, "variants", name]);
  const { pathPrefix, hostTemplate } = fleet.routing;
  const says = (key: string) => isMap(written) && (written[key] ?? undefined) !== undefined;
  const builtIn = {
    // An autoscaled model has no fixed number of pods.
    ...(says("maxReplicas") ? without(MODEL_DEFAULTS, ["replicas"]) : MODEL_DEFAULTS),
    path: modelPath(pathPrefix, id),
    ...(hostTemplate !== undefined && { host: hostTemplate.replace("{id}", id) }),
  };
  // A null removes what the fleet sets, so that the built-in default applies again.
  const whole = merge(builtIn, withoutNulls(withoutShare(written)));
  const inPlace = (problems: readonly Problem[]) =>
    own === undefined
      ? problems
      : problems.map((line) => atItsPlace(line, { at, model: `catalog.${id}`, own }));
  if (imageOf(whole) === undefined) return { problems: inPlace(check(partialModel, whole, at).problems) };
  const { data, problems } = check(modelSchema, whole, at);
  if (data === undefined) return { problems: inPlace(problems) };
  const variant = own === undefined ? undefined : name;
  const keys = secretsKeys(id, variant).toReversed();
  const secretEnv = Object.assign({}, ...keys.map((key) => fleet.secrets[key] ?? {})) as Record<
    string,
    string
  >;
  const autoscaling = autoscalingOf(data, { id, variant: name, fleet });
  const { initializerImage } = fleet.storage;
  const isDownloaded = artefactOf(data)?.how === "download";
  const settings = {
    ...{ ...data, secretEnv, autoscaling, saysReplicas: says("replicas") },
    ...(isDownloaded && { initializerImage }),
  };
  return { data: settings, problems: inPlace(problemsOfVariant({ at, id, variant, settings, fleet })) };
}

function withoutShare(settings: unknown): unknown {
  return isMap(settings) ? without(settings, Object.keys(share.shape)) : settings;
}
