/**
 * Objects that are newer in the cluster than in Pulumi's state: an update has applied them and the state does not say so,
 * since the update was killed, or the API server's answer got lost. If the settings are what the state says, Pulumi calls
 * such an object unchanged, whatever it is in the cluster. A refresh does not help either: of what the cluster has, Pulumi
 * compares only the fields that the state has too, so that a field that was added stays.
 */

import type { ObjectName } from "../fleet/objects";
import type { ObjectMeta } from "../fleet/owner";
import type { OwnershipArgs } from "./finding";
import type { KnownObjects, LastUpdate } from "./last-update";
import type { Existing } from "./snapshot";
import { timeOfApply } from "./taken-fields";

/** How many objects a message names. */
const NAMED = 10;

/** When a stack changed an object last, of all that are seen. */
export class LastApply {
  /** @param at What is known before any is seen. @default nothing */
  constructor(
    private readonly stack: string,
    private at: string | undefined,
  ) {}

  see(metadata: ObjectMeta): void {
    const time = timeOfApply(metadata, this.stack);
    if (time !== undefined && (this.at === undefined || this.at < time)) this.at = time;
  }

  /** ISO 8601, in seconds; undefined if nothing is known. */
  get time(): string | undefined {
    return this.at;
  }
}

/**
 * Those of the objects that the stack changed after its state was written. The state is read only if an object is newer than
 * the last complete update, or if there was none.
 */
export async function outdatedOnes(
  existing: readonly Existing[],
  { applied, objects }: Pick<LastUpdate, "applied" | "objects">,
  scope: Pick<OwnershipArgs, "namespace" | "stack">,
): Promise<Set<ObjectName>> {
  const suspects = newerThan(existing, applied?.at, scope.stack);
  if (suspects.length === 0 || objects === undefined) return new Set();
  return outdatedObjects(suspects, await objects(), scope);
}

/** Those of the objects that the stack changed after a moment. @param at Undefined: whenever it changed them */
export function newerThan(existing: readonly Existing[], at: string | undefined, stack: string): Existing[] {
  return existing.filter(({ metadata }) => {
    const time = timeOfApply(metadata, stack);
    return time !== undefined && (at === undefined || at < time);
  });
}

/** Those of the objects that the stack changed after they were as the state knows them. */
export function outdatedObjects(
  existing: readonly Existing[],
  known: KnownObjects,
  { namespace, stack }: Pick<OwnershipArgs, "namespace" | "stack">,
): Set<ObjectName> {
  const outdated = existing.filter(({ kind, metadata }) => {
    const before = known.get(`${kind}/${namespace}/${metadata.name ?? ""}`);
    // What the state lacks, Pulumi applies anyway.
    return before !== undefined && isOlder(before, metadata, stack);
  });
  return new Set(outdated.map(({ object }) => object));
}

/** Whether the stack changed an object after it was in this form. Both times are of the API server's clock. */
function isOlder(known: ObjectMeta, live: ObjectMeta, stack: string): boolean {
  const [before, after] = [timeOfApply(known, stack), timeOfApply(live, stack)];
  return before !== undefined && after !== undefined && before < after;
}

/** The warning about such objects. */
export function outdatedText(outdated: ReadonlySet<ObjectName>): string {
  const names = [...outdated].sort();
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  const [count, is] = names.length === 1 ? ["1 object", "is"] : [`${names.length} objects`, "are"];
  return (
    `${count} ${is} newer in the cluster than in the stack's state, since an update was killed or lost its connection; the ` +
    `update applies the settings again: ${names.slice(0, NAMED).join(", ")}${more}`
  );
}
