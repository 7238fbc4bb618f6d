import { pathOf } from "../../fleet/objects";
import type { ObjectMeta } from "../../fleet/owner";
import type { Api } from "../../kubernetes/api";
import type { Facts } from "./facts";
import { type Mended, named } from "./finding";
import { type Found, keyOf } from "./objects";

/**
 * Why the doctor must not delete objects that the state does not know: an update that runs has not written its objects
 * into the state yet, and a state without an update may be that of another backend. Undefined if it may.
 */
export async function whyNotDelete(facts: Facts): Promise<string | undefined> {
  const { namespace } = await facts.state();
  if (namespace === undefined)
    return "the state knows no update, so it may be that of another backend (`pulumi whoami --verbose`)";
  const locks = await facts.locks();
  if (locks === undefined) return "an update may be running: with this backend only Pulumi sees the lock";
  return locks.every(({ holder }) => holder === "ended")
    ? undefined
    : "an update may be running, since a lock is held";
}

/** Deletes objects that the state still does not know and that are still as they were read, one after the other. */
export async function deleteUnknown(facts: Facts, objects: readonly Found[]): Promise<Mended[]> {
  // An update may have begun or ended since they were read.
  const now = facts.again();
  const why = await whyNotDelete(now);
  if (why !== undefined) return [{ isDone: false, text: `left ${named(objects.map(titleOf))}: ${why}` }];
  const known = new Set((await now.state()).objects.map(keyOf));
  const { api } = await now.ownCluster();
  const mended: Mended[] = [];
  for (const object of objects) {
    const isKnown = known.has(keyOf(object));
    mended.push(
      isKnown
        ? { isDone: false, text: `left ${titleOf(object)}: the state knows it now` }
        : await deleteObject(api, object),
    );
  }
  return mended;
}

/** How often a deletion is tried while controllers write the object's status, as they do while its pods end. */
const TRIES = 5;

async function deleteObject(api: Api, object: Found, tries = TRIES): Promise<Mended> {
  const { kind, namespace, name, metadata } = object;
  const { uid = "", resourceVersion = "" } = metadata;
  const { status, body } = await api.delete(pathOf(kind, namespace, name), { uid, resourceVersion });
  const again = status === 409 && tries > 1 ? await sameOf(api, object) : undefined;
  if (again !== undefined) return deleteObject(api, again, tries - 1);
  if (status === 200 || status === 202 || status === 404)
    return { isDone: true, text: `deleted ${titleOf(object)}` };
  const reason = (body as { readonly message?: string }).message ?? `status ${status}`;
  const why = status === 409 ? "somebody changed it meanwhile; run this again" : reason;
  return { isDone: false, text: `left ${titleOf(object)}: ${why}` };
}

/** The object as it is now; undefined if anything but its status is another. */
async function sameOf(api: Api, object: Found): Promise<Found | undefined> {
  const { body } = await api.listMetadata(pathOf(object.kind, object.namespace));
  const { items } = body as { readonly items?: readonly { readonly metadata?: ObjectMeta }[] | null };
  const metadata = items?.find((one) => one.metadata?.uid === object.metadata.uid)?.metadata;
  return metadata !== undefined && writesOf(metadata) === writesOf(object.metadata)
    ? { ...object, metadata }
    : undefined;
}

/** Who wrote what when, but the status. */
function writesOf({ managedFields = [] }: ObjectMeta): string {
  return JSON.stringify(managedFields.filter(({ subresource }) => subresource !== "status"));
}

function titleOf({ object, namespace }: Found): string {
  return `${object} in namespace ${namespace}`;
}

/** The commands that delete objects, a line per namespace. */
export function kubectlDelete(objects: readonly Found[]): string {
  const namespaces = [...new Set(objects.map(({ namespace }) => namespace))];
  const commands = namespaces.map((one) => {
    const names = objects.filter(({ namespace }) => namespace === one).map(({ object }) => object);
    return `\`kubectl delete --namespace ${one} ${names.join(" ")}\``;
  });
  return commands.join(", ");
}
