/**
 * Which settings an update applied, as digests: they tell the next update whether anything but the models that it is asked
 * for has changed since. Pure.
 */

import { digest } from "../lib/digest";
import { someOf } from "../lib/some-of";
import { isMap } from "./merge";
import { podSecurityOf } from "./model";
import type { SettledFleet } from "./resolve";

/** The settings of an update. */
export interface Applied {
  /** Digest of what is no model's: every object depends on it. */
  readonly fleet: string;
  /** What the Namespace and the Gateway have from all models together. */
  readonly shared: string;
  /** Digest of the settings of each model, its secrets included, by ID. */
  readonly models: Readonly<Record<string, string>>;
  /** Names of the versions of Secrets that pods need. @default not known */
  readonly secretVersions?: readonly string[];
  /** Whether the stack has the Namespace. @default not known */
  readonly managesNamespace?: boolean;
  /** When the last object was changed, by the API server's clock: ISO 8601, in seconds. @default not known */
  readonly at?: string;
}

/** Digits of a digest, of 4 bits each. */
const DIGITS = 12;

/** How many models a sentence names. */
const NAMED = 3;

/** The most models that are looked at one by one: Pulumi compares the name of each resource with that of each target. */
const MOST = 50;

/**
 * The digests of a fleet's settings. They are as secret as the settings: a short secret value could be guessed by its digest.
 *
 * @param program What else decides how objects look, such as the program's code.
 */
export function appliedBy(fleet: SettledFleet, program: unknown): Applied {
  const { models, maxDeletions, clusterId, nodeAutoscaling, ...rest } = fleet;
  // These only decide what is checked, and a check is made in every update.
  void [maxDeletions, clusterId, nodeAutoscaling];
  return {
    fleet: digestOf([rest, program]),
    shared: `${podSecurityOf(fleet)} ${models.some(({ host }) => host !== undefined) ? "hosts" : "no hosts"}`,
    models: Object.fromEntries(models.map((model) => [model.id, digestOf(model)])),
  };
}

function digestOf(value: unknown): string {
  return digest(JSON.stringify(value), DIGITS);
}

/** The digests in a stack's output; undefined if there are none, as after an update that failed. */
export function parsedApplied(output: unknown): Applied | undefined {
  try {
    const value: unknown = JSON.parse(String(output));
    return isApplied(value) ? value : undefined;
  } catch {
    // An output of this name by somebody's own program.
    return undefined;
  }
}

function isApplied(value: unknown): value is Applied {
  return (
    isMap(value) &&
    typeof value["fleet"] === "string" &&
    typeof value["shared"] === "string" &&
    isMap(value["models"])
  );
}

/**
 * Which models the last update left as these settings say, and ready; anything else than a model only if the list is the
 * same. Of an update that was killed, the state may have objects and not the digests.
 */
export function leftReady(now: Applied, last: Applied | undefined): (id: string) => boolean {
  if (last === undefined || last.fleet !== now.fleet) return () => false;
  const listOf = ({ models }: Applied) => Object.keys(models).sort().join();
  const isSameList = listOf(last) === listOf(now);
  return (id) => (id in now.models ? last.models[id] === now.models[id] : isSameList);
}

/** Why an update must be one of the whole fleet. */
export interface Whole {
  /** The second half of a sentence. */
  readonly why: string;
  /** The models that have changed, if an update of these could be enough: at most half of all, and at most 50. */
  readonly changed?: readonly string[];
  /** Whether it is no sign of anything that a user would want to know of. @default false */
  readonly isUsual?: boolean;
}

/** Why an update cannot be one of these models alone; undefined if it can. */
export function whyWhole(
  ids: ReadonlySet<string>,
  now: Applied,
  last: Applied | undefined,
): Whole | undefined {
  if (last === undefined)
    return { why: "the last update failed, or there was none that recorded its settings" };
  if (last.fleet !== now.fleet)
    return { why: "settings of the fleet itself, or the program, have changed since the last update" };
  if (last.shared !== now.shared)
    return { why: "the Namespace or the Gateway changes, which all models share" };
  const others = [...new Set([...Object.keys(last.models), ...Object.keys(now.models)])].filter(
    (id) => !ids.has(id),
  );
  if (others.length === 0) return { why: "there is no other model", isUsual: true };
  const changed = others.filter((id) => last.models[id] !== now.models[id]).sort();
  if (changed.length === 0) return undefined;
  return {
    why: `other models have changed since the last update too: ${someOf(changed, NAMED)}`,
    ...(changed.length <= Math.min(MOST, others.length / 2) && { changed }),
    // A preview is asked for without naming a model.
    ...(ids.size === 0 && { isUsual: true }),
  };
}
