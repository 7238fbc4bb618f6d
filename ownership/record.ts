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
  readonly end: (applied: Applied, isComplete: Promise<boolean>) => pulumi.Output<string>;
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
  { applied: before }: Pick<LastUpdate, "applied">,
  { isPart, isOutdated }: { readonly isPart: boolean; readonly isOutdated: boolean },
): Recording {
  if (before !== undefined) forget();
  const last = new LastApply(stack, isPart ? before?.at : undefined);
  let isMissed = false;
  const recorded = (applied: Applied) =>
    JSON.stringify({ ...applied, ...(!isOutdated && { at: last.time }) });
  return {
    miss: () => {
      isMissed = true;
    },
    see: (metadata) => last.see(metadata),
    end: (applied, isComplete) => {
      const record = isComplete.then(
        (yes) => ((yes && !isMissed) || pulumi.runtime.isDryRun() ? recorded(applied) : ""),
        () => "",
      );
      // Short values of secrets could be guessed by their digests.
      return pulumi.secret(record);
    },
  };
}

function forget(): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined || pulumi.runtime.isDryRun()) return;
  // Until the program ends, and the outputs with the new record take its place.
  pulumi.runtime.registerResourceOutputs(stack, { applied: pulumi.secret("") });
}
