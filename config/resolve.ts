import { modelPath, problemOfModelId, SHARED } from "../fleet/names";
import { nearest } from "../lib/nearest";
import { inItsFile } from "./catalog-files";
import { check } from "./explain";
import { type CONTROLLER_NAMES, fleetSettings, type FleetSettings } from "./fleet-schema";
import { isMap, merge, withoutNulls } from "./merge";
import { MODEL_DEFAULTS, model as modelSchema, type ModelSettings, partialModel } from "./model-schema";
import { parseModels, problemsOfIds } from "./models";
import { secretsInPlainText } from "./plain-text";
import { problem, type Problem, reportOf } from "./problem";
import { problemsOfReferences } from "./references";
import { overlappingPaths, problemsOfRetired, problemsOfTls, retiredPaths } from "./routes";
import { type IsSecret, isSecretKey, lostSecrets, plainSecrets } from "./secrecy";
import { problemsOfSizes } from "./sizes";

/** The ingress controller that an Ingress is written for. */
export type ControllerName = (typeof CONTROLLER_NAMES)[number];

/** An active model, with every default. @typeParam Secret A secret value: plain here, wrapped by `load.ts`. */
export interface Model<Secret = string> extends ModelSettings {
  readonly id: string;
  /** Secret environment of the container. */
  readonly secretEnv: Readonly<Record<string, Secret>>;
}

/** The settings of an Ingress whose class and controller are known. */
export interface IngressSettings extends Pick<FleetSettings["ingress"], "annotations"> {
  readonly className: string;
  readonly controller: ControllerName;
}

/** The settings of `routing` that an Ingress has besides its paths. */
export type IngressRouting = Pick<FleetSettings["routing"], "tls"> &
  Partial<Pick<FleetSettings["routing"], "timeoutSeconds" | "maxBodySize">>;

/** The whole fleet, with every default. @typeParam Secret As in {@link Model}. */
export interface Fleet<Secret = string> extends SettledFleet<Secret> {
  readonly ingress: IngressSettings;
}

/** What the settings alone say of a fleet: the cluster knows the rest of `ingress`. */
export interface SettledFleet<Secret = string> extends Pick<
  FleetSettings,
  "namespace" | "labels" | "annotations" | "routing" | "ingress" | "adopt" | "maxDeletions" | "clusterId"
> {
  /** Sorted by ID. */
  readonly models: readonly Model<Secret>[];
  readonly registry:
    { readonly server: string; readonly username: string; readonly password: Secret } | undefined;
}

/** Values by key, before they are checked. */
type Values = Readonly<Record<string, unknown>>;

/**
 * Turns the stack's config, key by key as Pulumi stores it, into a resolved fleet.
 *
 * @param raw Strings by key (without `modelfleet:`); maps and lists as JSON.
 * @param isSecret Reports whether a path is encrypted. @default true for all paths of secret keys
 * @param found Problems found earlier, for the same report.
 * @param files Paths of the catalog entries that stand in files of their own, by model ID.
 * @throws UserError with every problem at once, so that a fleet with a mistake registers nothing
 */
export function resolveFleet(
  raw: Readonly<Record<string, string>>,
  isSecret: IsSecret = isSecretKey,
  found: readonly Problem[] = [],
  files: ReadonlyMap<string, string> = new Map(),
): SettledFleet {
  const report = (problems: readonly Problem[]) => reportOf(problems.map((line) => inItsFile(line, files)));
  const { ids, problems: listProblems } = parseModels(raw["models"]);
  const values = parsedValues(raw);
  const checked = check(fleetSettings, withoutNulls(values), "");
  const problems: Problem[] = [
    ...found,
    ...listProblems.filter((line) => !isKnown(line, found)),
    ...checked.problems.filter((line) => !isKnown(line, found)),
    ...plainSecrets(values, isSecret),
    ...lostSecrets(Object.keys(raw), isSecret),
    ...problemsOfIds("catalog", values["catalog"]),
    ...problemsOfSecretIds(values, listProblems.length === 0 ? ids : undefined),
    ...secretsInPlainText(values),
  ];
  const fleet = checked.data;
  if (fleet === undefined) throw report([...problems, ...missingImages(ids, values)]);

  const results = ids.map((id) => resolveModel(id, values, fleet, ids));
  const models = results.flatMap(({ data }) => data ?? []);
  const ofModels = results.flatMap((result) => result.problems).filter((line) => !isKnown(line, found));
  problems.push(...ofModels, ...overlappingPaths(models));
  problems.push(...problemsOfTls(fleet.routing), ...problemsOfRetired(fleet, models));
  problems.push(...problemsOfSizes({ models, routing: fleet.routing }));
  if (problems.length > 0) throw report(problems);
  const { namespace, labels, annotations, registry, ingress, adopt, maxDeletions, clusterId } = fleet;
  const { host, tls, url = host && `${tls === undefined ? "http" : "https"}://${host}` } = fleet.routing;
  const routing = { ...fleet.routing, url, retired: retiredPaths(fleet, models) };
  return {
    ...{ namespace, labels, annotations, models, registry, routing, ingress },
    ...{ adopt, maxDeletions, clusterId },
  };
}

/** Whether a problem of the same value was found earlier: what the file says explains it better. */
function isKnown(line: Problem, found: readonly Problem[]): boolean {
  return found.some((earlier) => line.startsWith(`${earlier.split(": ")[0] ?? ""}: `));
}

interface Result<T> {
  readonly data?: T;
  readonly problems: readonly Problem[];
}

/** Merges the built-in defaults, the fleet's defaults and the model's catalog entry, and checks the result. */
function resolveModel(
  id: string,
  values: Values,
  fleet: FleetSettings,
  ids: readonly string[],
): Result<Model> {
  const own = merge(values["defaults"], entryOf(values["catalog"], id)) ?? {};
  const builtIn = { ...MODEL_DEFAULTS, path: modelPath(fleet.routing.pathPrefix, id) };
  // A null removes what the fleet sets, so that the built-in default applies again.
  const whole = merge(builtIn, withoutNulls(own));
  if (imageOf(own) === undefined) {
    const { problems } = check(partialModel, whole, `catalog.${id}`);
    return { problems: [missingImage(id, values["catalog"], ids), ...problems] };
  }
  const { data, problems } = check(modelSchema, whole, `catalog.${id}`);
  if (data === undefined) return { problems };
  const [shared = {}, ownSecrets = {}] = [fleet.secrets[SHARED], fleet.secrets[id]];
  const secretEnv = { ...shared, ...ownSecrets };
  const twice = Object.keys(secretEnv).filter((name) => data.env[name] !== undefined);
  return {
    data: { ...data, id, secretEnv },
    problems: [
      ...twice.map((name) => {
        const rule = `is set in secrets.${name in ownSecrets ? id : SHARED} too`;
        return problem(`catalog.${id}.env.${name}`, undefined, rule, "remove one of the two");
      }),
      ...problemsOfReferences(id, data, Object.keys(secretEnv)),
    ],
  };
}

/**
 * Secrets have no effect unless they are those of a model, or of all.
 *
 * @param ids The active models; undefined while the list has problems, since it may name any model.
 */
function problemsOfSecretIds({ secrets, catalog }: Values, ids: readonly string[] | undefined): Problem[] {
  if (!isMap(secrets)) return [];
  const ofModels = Object.fromEntries(Object.entries(secrets).filter(([id]) => id !== SHARED));
  const known = new Set([...(ids ?? []), ...(isMap(catalog) ? Object.keys(catalog) : [])]);
  const own = ids === undefined ? [] : Object.keys(ofModels);
  const unknown = own.filter((id) => !known.has(id) && !problemOfModelId(id));
  return [
    ...problemsOfIds("secrets", ofModels),
    ...unknown.map((id) => {
      const near = nearest(
        id,
        [...known, SHARED].filter((one) => !(one in secrets)),
      );
      const fix = `\`pulumi config rm --path secrets.${id}\``;
      const rule = "belongs to no model: the ID is neither in models nor in catalog";
      return problem(
        `secrets.${id}`,
        undefined,
        rule,
        near ? `did you mean "${near}"? Else remove it: ${fix}` : `remove it: ${fix}`,
      );
    }),
  ];
}

/** All values except the list of models, which `parseModels` parses. */
function parsedValues(raw: Readonly<Record<string, string>>): Values {
  const rest = Object.entries(raw).filter(([key]) => key !== "models");
  return Object.fromEntries(rest.map(([key, text]) => [key, jsonOrString(text)]));
}

/** Pulumi stores maps and lists as JSON. Anything else stays a string, which the schema checks. */
export function jsonOrString(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A model's entry. `iris:` alone parses as null and counts as no entry. */
function entryOf(catalog: unknown, id: string): unknown {
  return isMap(catalog) ? (catalog[id] ?? undefined) : undefined;
}

function imageOf(settings: unknown): unknown {
  return isMap(settings) ? (settings["image"] ?? undefined) : undefined;
}

/** The models without an image, for the report of a fleet that has other problems too. */
function missingImages(ids: readonly string[], { defaults, catalog }: Values): Problem[] {
  return ids
    .map((id) => ({ id, entry: entryOf(catalog, id) }))
    .filter(({ entry }) => entry === undefined || isMap(entry))
    .filter(({ entry }) => imageOf(merge(defaults, entry)) === undefined)
    .map(({ id }) => missingImage(id, catalog, ids));
}

/** @param ids The active models, whose entries are not suggested for another one. */
function missingImage(id: string, catalog: unknown, ids: readonly string[]): Problem {
  const entries = isMap(catalog) ? Object.keys(catalog) : [];
  const free = entries.filter((entry) => !ids.includes(entry));
  const near = entries.includes(id) ? undefined : nearest(id, free);
  const fix = `\`pulumi config set --path catalog.${id}.image <image>\`, or defaults.image for all models`;
  return problem(
    `catalog.${id}.image`,
    undefined,
    "is missing",
    near ? `did you mean the model "${near}"? Else ${fix}` : fix,
  );
}
