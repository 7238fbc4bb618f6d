import { fleetSettings } from "../../config/fleet-schema";
import { isMap } from "../../config/merge";
import { partialModel } from "../../config/model-schema";

/**
 * Settings that the schema will have, so that what is imported cannot be checked with them yet. This file goes once it
 * has all of them, and check.ts then gives the settings to resolveFleet as they are.
 */
const OF_MODELS = [
  ...[
    "protocol",
    "initContainers",
    "sidecars",
    "podSpec",
    "resourceProfile",
    "resourceClaims",
    "nodeSelector",
  ],
  ...["affinity", "tolerations", "priorityClassName", "runtimeClassName", "topologySpreadConstraints"],
  ...[
    "deploymentStrategy",
    "minReplicas",
    "maxReplicas",
    "scaleMetric",
    "scaleTarget",
    "scaleDownDelaySeconds",
  ],
].filter((key) => !(key in partialModel.shape));
const OF_FLEETS = ["resourceProfiles", "scaling"].filter((key) => !(key in fleetSettings.shape));

/** The settings without those that the schema does not have yet. */
export function withoutPending(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { catalog, runtimes, ...fleet } = settings;
  return {
    ...keep(fleet, OF_FLEETS),
    ...(isMap(runtimes) && { runtimes: eachOf(runtimes) }),
    catalog: eachOf(isMap(catalog) ? catalog : {}),
  };
}

function eachOf(entries: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, known(entry)]));
}

function known(entry: unknown): unknown {
  if (!isMap(entry)) return entry;
  const { variants, ...own } = entry;
  return { ...keep(own, OF_MODELS), ...(isMap(variants) && { variants: eachOf(variants) }) };
}

function keep(map: Readonly<Record<string, unknown>>, pending: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !pending.includes(key)));
}
