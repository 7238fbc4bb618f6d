/**
 * Objects that are newer in the cluster than in Pulumi's state: an update has applied them and the state does not say so,
 * since the update was killed, or the API server's answer got lost. If the settings are what the state says, Pulumi calls
 * such an object unchanged, whatever it is in the cluster.
 */

import type * as pulumi from "@pulumi/pulumi";
import type { Kind, ObjectName } from "../fleet/objects";
import type { ObjectMeta } from "../fleet/owner";
import { knownValue } from "./known";
import type { Snapshot } from "./snapshot";
import { timeOfApply } from "./taken-fields";

/**
 * Those of the objects that the state has in an older form than the cluster.
 *
 * @param registered What the program registered: an unchanged object has the metadata of the state, and one that is
 *   applied has that of the API server's answer, which is never older.
 */
export async function outdatedObjects(
  registered: readonly (readonly [kind: Kind, resource: pulumi.CustomResource])[],
  { objects }: Pick<Snapshot, "objects">,
  stack: string,
): Promise<ObjectName[]> {
  const inCluster = new Map([...objects.values()].flat().map(({ object, metadata }) => [object, metadata]));
  const found = await Promise.all(
    registered.map(async ([kind, resource]): Promise<ObjectName[]> => {
      const { metadata } = resource as pulumi.CustomResource & {
        readonly metadata: pulumi.Output<ObjectMeta>;
      };
      const known = await knownValue(metadata);
      const object: ObjectName = `${kind}/${known?.name ?? ""}`;
      const live = inCluster.get(object);
      return known && live && isOlder(known, live, stack) ? [object] : [];
    }),
  );
  return found.flat().sort();
}

/** Whether the stack changed an object after it was in this form. Both times are of the API server's clock. */
function isOlder(known: ObjectMeta, live: ObjectMeta, stack: string): boolean {
  const [before, after] = [timeOfApply(known, stack), timeOfApply(live, stack)];
  return before !== undefined && after !== undefined && before < after;
}
