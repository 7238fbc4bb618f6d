/** The record, in the stack's outputs, of the settings that an update has applied. */

import * as pulumi from "@pulumi/pulumi";
import type { Applied } from "../config/applied";
import type { LastUpdate } from "./last-update";

/**
 * Takes the record of the last update back; to be called before anything is registered. Pulumi keeps outputs that a
 * failed or interrupted update has not set, so that its record would be that of the update before.
 */
export function forgetApplied({ applied }: Pick<LastUpdate, "applied">): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined || applied === undefined || pulumi.runtime.isDryRun()) return;
  // Until the program ends, and the outputs with the new record take its place.
  pulumi.runtime.registerResourceOutputs(stack, { applied: pulumi.secret("") });
}

/**
 * The record for the stack's outputs; empty if an object was not applied.
 *
 * @param isComplete Whether every object is as the settings say; rejected if the update fails.
 */
export function recordOf(applied: Applied, isComplete: Promise<boolean>): pulumi.Output<string> {
  const record = isComplete.then(
    (yes) => (yes || pulumi.runtime.isDryRun() ? JSON.stringify(applied) : ""),
    () => "",
  );
  // Short values of secrets could be guessed by their digests.
  return pulumi.secret(record);
}
