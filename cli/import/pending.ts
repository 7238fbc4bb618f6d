import { fleetSettings } from "../../config/fleet-schema";
import { isMap } from "../../config/merge";
import { partialModel } from "../../config/model-schema";
import { secretsInPlainText } from "../../config/plain-text";
import type { Problem } from "../../config/problem";

/**
 * Settings that the schema will have, so that what is imported cannot be checked with them yet. Everything in this file
 * goes once it does.
 */
const OF_MODELS = [
  ...[
    "command",
    "imagePullPolicy",
    "protocol",
    "liveness",
    "metrics",
    "volumes",
    "shm",
    "initContainers",
    "sidecars",
  ],
  ...[
    "podSpec",
    "readOnlyRootFilesystem",
    "podSecurity",
    "runtime",
    "storageUri",
    "modelPath",
    "revision",
    "sha256",
  ],
  ...[
    "cache",
    "resourceProfile",
    "resourceClaims",
    "nodeSelector",
    "affinity",
    "tolerations",
    "priorityClassName",
  ],
  ...[
    "runtimeClassName",
    "topologySpreadConstraints",
    "deploymentStrategy",
    "spareGpus",
    "minReplicas",
    "maxReplicas",
  ],
  ...["scaleMetric", "scaleTarget", "scaleDownDelaySeconds", "disruptionBudget", "network"],
].filter((key) => !(key in partialModel.shape));
const OF_FLEETS = [
  "runtimes",
  "storage",
  "resourceProfiles",
  "scaling",
  "networkPolicy",
  "monitoring",
].filter((key) => !(key in fleetSettings.shape));

/** Secrets in plain text in those settings too. Where a variable gets its text from is none. */
export function pendingSecrets({ catalog, ...fleet }: Readonly<Record<string, unknown>>): Problem[] {
  const entries = Object.entries(isMap(catalog) ? catalog : {}).map(([id, entry]) => [
    id,
    withoutSources(entry),
  ]);
  return secretsInPlainText({ ...fleet, catalog: Object.fromEntries(entries) });
}

function withoutSources(entry: unknown): unknown {
  if (!isMap(entry)) return entry;
  const { env, variants } = entry;
  const plain = Object.entries(isMap(env) ? env : {}).filter(([, value]) => !isMap(value));
  const all = Object.entries(isMap(variants) ? variants : {}).map(([key, one]) => [key, withoutSources(one)]);
  return { ...entry, env: Object.fromEntries(plain), variants: Object.fromEntries(all) };
}

/** The settings without those that the schema does not have yet. */
export function withoutPending(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { catalog, ...fleet } = settings;
  const entries = Object.entries(isMap(catalog) ? catalog : {}).map(([id, entry]) => [id, known(entry)]);
  return { ...keep(fleet, OF_FLEETS), catalog: Object.fromEntries(entries) };
}

function known(entry: unknown): unknown {
  if (!isMap(entry)) return entry;
  const { variants, env, ...own } = entry;
  const plain = Object.entries(isMap(env) ? env : {}).filter(([, value]) => !isMap(value));
  const hasRuntime = OF_MODELS.includes("runtime") && own["runtime"] !== undefined;
  return {
    ...keep(own, OF_MODELS),
    ...(env !== undefined && { env: Object.fromEntries(plain) }),
    ...(hasRuntime && own["image"] === undefined && { image: "registry.example/pending:1" }),
    ...(isMap(variants) && {
      variants: Object.fromEntries(Object.entries(variants).map(([key, one]) => [key, known(one)])),
    }),
  };
}

function keep(map: Readonly<Record<string, unknown>>, pending: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !pending.includes(key)));
}
