import type { z } from "zod";
import { inItsFile } from "./catalog-files";
import { check } from "./explain";
import { type CONTROLLER_NAMES, fleetSettings, type FleetSettings } from "./fleet-schema";
import { gatewayOf, type GatewaySettings } from "./gateway-rules";
import { type Values, withEmptyVariants } from "./layers";
import { withoutNulls } from "./merge";
import { missingImages } from "./missing-images";
import { type Model, resolveModel } from "./model";
import { parseModels, problemsOfIds } from "./models";
import { problemsOfNetwork, withNetworks } from "./network-rules";
import { secretsInPlainText } from "./plain-text";
import { type Problem, reportOf } from "./problem";
import { problemsOfRouting, retiredPaths, withFormerPaths } from "./routes";
import { unknownRuntimes } from "./runtimes";
import { type IsSecret, isSecretKey, lostSecrets, plainSecrets } from "./secrecy";
import { problemsOfSecretOwners } from "./secret-owners";
import { problemsOfSizes } from "./sizes";
import { problemsAmongVariants } from "./variants";

export { type Model, type Variant, variantsOf } from "./model";

/** The ingress controller that an Ingress is written for. */
export type ControllerName = (typeof CONTROLLER_NAMES)[number];

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
  | "namespace"
  | "labels"
  | "annotations"
  | "routing"
  | "ingress"
  | "networkPolicy"
  | "monitoring"
  | "adopt"
  | "maxDeletions"
  | "clusterId"
  | "nodeAutoscaling"
> {
  /** Sorted by ID. */
  readonly models: readonly Model<Secret>[];
  readonly gateway: GatewaySettings;
  readonly registry:
    { readonly server: string; readonly username: string; readonly password: Secret } | undefined;
}

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
  const values = withEmptyVariants(parsedValues(raw));
  const checked = check(fleetSettings, withoutNulls(values), "");
  const problems: Problem[] = [
    ...found,
    ...listProblems.filter((line) => !isKnown(line, found)),
    ...checked.problems.filter((line) => !isKnown(line, found)),
    ...plainSecrets(values, isSecret),
    ...lostSecrets(Object.keys(raw), isSecret),
    ...problemsOfIds("catalog", values["catalog"]),
    ...problemsOfSecretOwners(values, listProblems.length === 0 ? ids : undefined),
    ...unknownRuntimes(values),
    ...secretsInPlainText(values),
  ];
  const fleet = checked.data;
  if (fleet === undefined) throw report([...problems, ...missingImages(ids, values)]);

  const results = ids.map((id) => resolveModel(id, values, fleet, ids));
  const models = results.flatMap(({ data }) => (data ? withFormerPaths(data, fleet.routing) : []));
  const ofModels = results.flatMap((result) => result.problems).filter((line) => !isKnown(line, found));
  problems.push(...ofModels);
  problems.push(...problemsOfFleet(fleet, models));
  if (problems.length > 0) throw report(problems);
  return settled(fleet, models);
}

/** The fleet with what follows from several of its settings. */
function settled(fleet: FleetSettings, models: readonly Model[]): SettledFleet {
  const { namespace, labels, annotations, registry, ingress, networkPolicy, monitoring } = fleet;
  const { adopt, maxDeletions, clusterId, nodeAutoscaling } = fleet;
  const { host, tls, url = host && `${tls === undefined ? "http" : "https"}://${host}` } = fleet.routing;
  const routing = { ...fleet.routing, url, retired: retiredPaths(fleet, models) };
  return {
    ...{ namespace, labels, annotations, registry, routing, ingress, networkPolicy, monitoring },
    ...{ gateway: gatewayOf(fleet), adopt, maxDeletions, clusterId, nodeAutoscaling },
    models: withNetworks(models, fleet),
  };
}

/** What is wrong with the models together. */
function problemsOfFleet(fleet: FleetSettings, models: readonly Model[]): Problem[] {
  return [
    ...problemsOfRouting(fleet, models),
    ...problemsAmongVariants(models),
    ...problemsOfNetwork(fleet, models),
    ...problemsOfSizes({ models, routing: fleet.routing }),
  ];
}

/** Whether a problem of the same value was found earlier: what the file says explains it better. */
function isKnown(line: Problem, found: readonly Problem[]): boolean {
  return found.some((earlier) => line.startsWith(`${earlier.split(": ")[0] ?? ""}: `));
}

/** All values except the list of models, which `parseModels` parses. */
function parsedValues(raw: Readonly<Record<string, string>>): Values {
  const rest = Object.entries(raw).filter(([key]) => key !== "models");
  return Object.fromEntries(rest.map(([key, text]) => [key, scalarOf(key, jsonOrString(text))]));
}

/** Pulumi gives a top-level number or boolean as text, as it does a name such as "7": the schema says which is meant. */
function scalarOf(key: string, value: unknown): unknown {
  if (typeof value !== "string" || !/^(true|false|-?(0|[1-9]\d*)(\.\d+)?)$/.test(value)) return value;
  const rule = fleetSettings.shape[key as keyof FleetSettings] as z.ZodType | undefined;
  const isText = rule === undefined || rule.safeParse(value).error?.issues[0]?.code !== "invalid_type";
  return isText ? value : JSON.parse(value);
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
