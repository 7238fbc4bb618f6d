/** The record, in the stack's outputs, of what an update has applied. */

import * as pulumi from "@pulumi/pulumi";
import type { Applied } from "../config/applied";
import type { ObjectMeta } from "../fleet/owner";
import type { LastUpdate } from "./last-update";
import { LastApply } from "./outdated";

/** The record of an update that has begun. */
export interface Recording {
  /** Says that an object was not applied as the settings say, although it is there. */
  readonly miss: () => void;
  /** Gets the metadata of each object that the update has applied, or found unchanged. */
  readonly see: (metadata: ObjectMeta) => void;
  /**
   * The record for the stack's outputs; empty if an object was not applied.
   *
   * @param isComplete Whether every object is as the settings say; rejected if the update fails.
   */
  readonly end: (applied: Applied, isComplete: Promise<boolean>, made: Made) => pulumi.Output<string>;
}

/** What an update finds and makes in the cluster. */
export interface Made {
  readonly managesNamespace: boolean;
  /** Names of the versions of Secrets of the models that it updates. */
  readonly secretVersions: pulumi.Input<readonly string[]>;
}

/** The name of a version of a Secret without its hash: the name of the Secret that owns it. */
export function stemOf(version: string): string {
  return version.slice(0, version.lastIndexOf("-"));
}

/**
 * Begins the record of an update, and takes that of the last one back; to be called before anything is registered. Pulumi
 * keeps outputs that a failed or interrupted update has not set, so that its record would be that of the update before.
 *
 * @param isPart Whether it is an update of some models only: then it does not see the other objects.
 * @param isOutdated Whether there are objects that the state does not know to be changed. Whether this update applies all of them is
 *   not known here, so that the next one must look at all times again.
 */
export function beginRecord(
  stack: string,
  { applied: before, outputs = {} }: Pick<LastUpdate, "applied" | "outputs">,
  { isPart, isOutdated }: { readonly isPart: boolean; readonly isOutdated: boolean },
): Recording {
  if (before !== undefined) forget(outputs);
  const last = new LastApply(stack, isPart ? before?.at : undefined);
  let isMissed = false;
  const text = (applied: Applied, managesNamespace: boolean, versions: readonly string[]): string => {
    const own = new Set(versions.map(stemOf));
    const others = isPart ? (before?.secretVersions ?? []).filter((one) => !own.has(stemOf(one))) : [];
    const secretVersions = [...versions, ...others].sort();
    return JSON.stringify({
      ...{ ...applied, secretVersions, managesNamespace },
      ...(!isOutdated && { at: last.time }),
    });
  };
  return {
    miss: () => {
      isMissed = true;
    },
    see: (metadata) => last.see(metadata),
    end: (applied, isComplete, { managesNamespace, secretVersions }) => {
      // Only in the end, when all objects have been seen.
      const record = () => pulumi.output(secretVersions).apply((all) => text(applied, managesNamespace, all));
      const isRecorded = isComplete.then(
        (yes) => yes && !isMissed,
        () => false,
      );
      // Short values of secrets could be guessed by their digests.
      return pulumi.secret(
        // A version that was not made has no name, on which the whole would wait.
        pulumi.output(isRecorded).apply((yes) => (yes || pulumi.runtime.isDryRun() ? record() : "")),
      );
    },
  };
}

/** The outputs of a fleet that are no secrets. What else a program has may be one. */
const PLAIN: readonly string[] = ["namespace", "clusterId", "urls", "models"];

/**
 * Takes the record back, until the program ends, and the outputs with the new record take its place. All others are
 * registered again: of an update that is interrupted while nothing fails, Pulumi keeps these outputs and no others.
 */
function forget(outputs: Readonly<Record<string, unknown>>): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined || pulumi.runtime.isDryRun()) return;
  const kept = Object.entries(outputs).map(([name, value]) => [
    name,
    PLAIN.includes(name) ? value : pulumi.secret(value),
  ]);
  pulumi.runtime.registerResourceOutputs(stack, {
    ...(Object.fromEntries(kept) as pulumi.Inputs),
    applied: pulumi.secret(""),
  });
}
