import { SHARED } from "../fleet/names";
import type { FleetSettings } from "./fleet-schema";
import type { ModelSettings } from "./model-schema";
import { pathText, problem, type Problem } from "./problem";
import { knownProfile } from "./profiles";
import { problemsOfReferences } from "./references";
import { contradictedRuntime, missingArtefact } from "./runtimes";
import { possibleScaling } from "./scaling";
import { secretsKey } from "./secret-owners";
import { fittingArtefact, pinnedArtefact } from "./settings/artefact";
import { grpcNeedsHost, grpcProbes } from "./settings/container";
import { oneServiceAccount } from "./settings/identity";
import { oneMetricsPlace } from "./settings/metrics";
import { drainable } from "./settings/protection";
import { containersOfPod, mergeKeysOfPod, oldNamesOfPod } from "./settings/raw-pod";
import { possibleStrategy } from "./settings/rollout";
import { rootNeedsBaseline } from "./settings/security";
import { oneVolumePerPath, shmWithinMemory } from "./settings/volumes";

/** A variant whose values are each correct: what is left is whether they fit together. */
export interface Checked {
  /** Path of its settings, such as `catalog.iris`. */
  readonly at: string;
  readonly id: string;
  /** Undefined for a model without variants. */
  readonly variant: string | undefined;
  readonly settings: ModelSettings & { readonly secretEnv: Readonly<Record<string, string>> };
  readonly fleet: FleetSettings;
}

/** A rule about several settings of a variant. */
export type VariantRule = (checked: Checked) => Problem[];

/** Every such rule. A new one is a function beside its settings, and a line here. */
const RULES: readonly VariantRule[] = [
  setTwice,
  ({ at, settings }) => problemsOfReferences(at, settings, Object.keys(settings.secretEnv)),
  oneServiceAccount,
  drainable,
  oneMetricsPlace,
  oneVolumePerPath,
  shmWithinMemory,
  rootNeedsBaseline,
  grpcNeedsHost,
  grpcProbes,
  containersOfPod,
  mergeKeysOfPod,
  oldNamesOfPod,
  fittingArtefact,
  pinnedArtefact,
  missingArtefact,
  contradictedRuntime,
  knownProfile,
  possibleStrategy,
  possibleScaling,
];

export function problemsOfVariant(checked: Checked): Problem[] {
  return RULES.flatMap((rule) => rule(checked));
}

/** The keys of `secrets` whose values a variant has, the most specific first. */
export function secretsKeys(id: string, variant: string | undefined): string[] {
  return [...(variant === undefined ? [] : [secretsKey(id, variant)]), id, SHARED];
}

/** Variables both in plain text and encrypted. */
function setTwice({ at, id, variant, settings, fleet }: Checked): Problem[] {
  const keys = secretsKeys(id, variant);
  const keyOf = (name: string) => keys.find((key) => fleet.secrets[key]?.[name] !== undefined) ?? "";
  return Object.keys(settings.secretEnv)
    .filter((name) => settings.env[name] !== undefined)
    .map((name) => {
      const rule = `is set in ${pathText(["secrets", keyOf(name)])} too`;
      return problem(`${at}.env.${name}`, undefined, rule, "remove one of the two");
    });
}
