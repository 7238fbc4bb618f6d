/**
 * What others set in fields that are the stack's alone (`SOLE_FIELDS`). Server-side apply merges lists by key, and an
 * apply keeps what it does not name: a port or a variable that somebody added stays, or makes the API server refuse the
 * apply. Pulumi compares only what the program sets, so a refresh does not see such a field either.
 */

import * as pulumi from "@pulumi/pulumi";
import { transformOwn } from "../components/own-resources";
import { type Kind, type ObjectName, pathOf, registeredObject } from "../fleet/objects";
import { isOwn, type ObjectMeta, UNDONE } from "../fleet/owner";
import { type Api, unexpectedStatus } from "../kubernetes/api";
import { UserError } from "../lib/user-error";
import { outdatedText } from "./outdated";
import { fieldsKept, fieldsTaken, type ForeignFields, foreignFields } from "./taken-fields";

/** An object of the fleet in the cluster. */
export interface Found {
  readonly kind: Kind;
  readonly object: ObjectName;
  readonly metadata: ObjectMeta;
}

/** The stack, and the namespace of its objects. */
interface Scope {
  readonly stack: string;
  readonly namespace: string;
}

/** How often a write is tried if somebody else changes the object meanwhile, such as a controller its status. */
const TRIES = 5;
/** How many objects are written at a time. */
const BATCH = 20;
/** How many fields of an object a message names. */
const NAMED = 5;

/** The value of {@link UNDONE} after the stack took fields over, and before its update has removed them. */
const PENDING = "pending ";

/** What an update looks out for, as `kind/name`. */
interface Special {
  /**
   * The Deployments whose `replicas` the stack gives away: without that, an update that leaves them out would set them to
   * 1. @default none
   */
  readonly autoscaled?: ReadonlySet<string>;
  /** Objects that Pulumi may call unchanged though they are not: see `outdated.ts`. @default none */
  readonly outdated?: ReadonlySet<ObjectName>;
}

/**
 * Lets the update undo what others set in the stack's own fields, and what its state does not know: takes the fields over,
 * and makes the provider apply the object by counting in an annotation. A preview writes nothing; it shows the count as
 * unknown, so that the API server is not asked to dry-run an apply that it would refuse without the taking over.
 */
export async function undoDrift(
  api: Api,
  objects: readonly Found[],
  scope: Scope,
  { autoscaled = new Set(), outdated = new Set() }: Special = {},
): Promise<void> {
  if (outdated.size > 0) await pulumi.log.warn(outdatedText(outdated));
  const counts = new Map<string, unknown>();
  for (const found of objects) {
    const foreign = foreignFieldsOf(found, scope.stack);
    const isDrifted = foreign.length > 0 || isPending(found.metadata);
    if (isDrifted) await pulumi.log.warn(report(found.object, foreign));
    const isOutdated = outdated.has(found.object);
    const undoes = isDrifted || isOutdated;
    const count = countOf(found.metadata) + (foreign.length > 0 || isOutdated ? 1 : 0);
    if (count > 0)
      counts.set(found.object, undoes && pulumi.runtime.isDryRun() ? pulumi.unknown : `${count}`);
  }
  if (!pulumi.runtime.isDryRun()) {
    await keepNamespaceFields(api, scope);
    for (let start = 0; start < objects.length; start += BATCH)
      await Promise.all(
        objects.slice(start, start + BATCH).map((found) => {
          const given = autoscaled.has(found.object) ? ["spec.replicas"] : [];
          return takeFields(api, found, { ...scope, given });
        }),
      );
  }
  annotate(counts, new Set(objects.map(({ object }) => object)));
}

function foreignFieldsOf({ kind, metadata }: Found, stack: string): ForeignFields[] {
  return foreignFields(kind, metadata.managedFields ?? [], stack);
}

/** How often the stack has undone something, including what it is about to undo. */
function countOf({ annotations = {} }: ObjectMeta): number {
  return Number(annotations[UNDONE]?.replace(PENDING, "")) || 0;
}

/** Whether an update took fields over and was not applied: it was killed, or had other targets. */
function isPending({ annotations = {} }: ObjectMeta): boolean {
  return annotations[UNDONE]?.startsWith(PENDING) ?? false;
}

/** Whether the next update of an object undoes something. */
export function isAltered(found: Found, stack: string): boolean {
  return isPending(found.metadata) || foreignFieldsOf(found, stack).length > 0;
}

/** The warning about an object's drift. */
export function report(object: string, foreign: readonly ForeignFields[]): string {
  if (foreign.length === 0)
    return `${object}: an earlier update ended before it undid what others set; this update does`;
  const parts = foreign.map(({ manager, paths }) => {
    const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more fields` : "";
    return `${manager} set ${paths.slice(0, NAMED).join(", ")}${more}`;
  });
  return `${object}: ${parts.join("; ")}; the settings decide these fields, so the update undoes that`;
}

async function takeFields(
  api: Api,
  found: Found,
  { namespace, stack, given }: Scope & { readonly given: readonly string[] },
): Promise<void> {
  const { kind, object } = found;
  let { metadata } = found;
  for (let tried = 1; ; tried += 1) {
    const taken = fieldsTaken(kind, metadata.managedFields ?? [], stack, given);
    if (taken === undefined) return;
    const { status, body } = await api.patch(
      pathOf(kind, namespace, metadata.name),
      takeOver(kind, metadata, taken, stack),
    );
    if (status === 200 || status === 404) return;
    if (status !== 409 || tried === TRIES) {
      const reason = (body as { message?: string }).message ?? `status ${status}`;
      throw new UserError(`${object}: its fields cannot be taken over (${reason}); run the update again`);
    }
    const fresh = await readAgain(api, found, namespace);
    if (fresh === undefined) return;
    metadata = fresh;
  }
}

/** The JSON patch that makes the stack the owner of its own fields, and leaves a note until its update is through. */
function takeOver(
  kind: Kind,
  metadata: ObjectMeta,
  managedFields: readonly object[],
  stack: string,
): object[] {
  const isForeign = foreignFields(kind, metadata.managedFields ?? [], stack).length > 0;
  const annotations = { ...metadata.annotations, [UNDONE]: `${PENDING}${countOf(metadata) + 1}` };
  return [
    { op: "replace", path: "/metadata/managedFields", value: managedFields },
    ...(isForeign ? [{ op: "add", path: "/metadata/annotations", value: annotations }] : []),
    // The API server refuses the patch if somebody changed the object in between.
    { op: "replace", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
  ];
}

/** The object's metadata now; undefined if it is gone. Its values, such as a Secret's, are not sent. */
async function readAgain(
  api: Api,
  { kind, object, metadata: { name = "" } }: Found,
  namespace: string,
): Promise<ObjectMeta | undefined> {
  const path = `${pathOf(kind, namespace)}?fieldSelector=metadata.name%3D${name}`;
  const { status, body } = await api.listMetadata(path);
  if (status !== 200) throw unexpectedStatus(api, `get ${object} in namespace ${namespace}`, status, body);
  return (body as { items?: readonly { metadata?: ObjectMeta }[] }).items?.[0]?.metadata;
}

/**
 * Keeps labels that kubectl set on the fleet's Namespace when the update changes it. They stay as they are if the stack
 * may not read or change the Namespace: then it does not update it either.
 */
async function keepNamespaceFields(api: Api, { namespace, stack }: Scope): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`;
  const { status, body } = await api.get(path);
  const { metadata = {} } = body as { metadata?: ObjectMeta };
  const kept =
    status === 200 && isOwn(metadata, stack) ? fieldsKept(metadata.managedFields ?? []) : undefined;
  if (kept === undefined) return;
  await api.patch(path, [
    { op: "replace", path: "/metadata/managedFields", value: kept },
    { op: "replace", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
  ]);
}

/**
 * Sets the annotation of the objects with these names when they are registered. A missing object is left as it is in the
 * state: its count is unknown, and an update of it would fail where a refresh makes it anew.
 */
function annotate(counts: ReadonlyMap<string, unknown>, existing: ReadonlySet<string>): void {
  transformOwn(({ type, props, opts }) => {
    const { metadata } = props as { metadata?: ObjectMeta };
    const object = registeredObject(type, metadata);
    if (object === undefined) return undefined;
    if (!existing.has(object)) {
      const ignoreChanges = [...(opts.ignoreChanges ?? []), `metadata.annotations["${UNDONE}"]`];
      return { props, opts: { ...opts, ignoreChanges } };
    }
    if (!counts.has(object)) return undefined;
    const annotations = { ...metadata?.annotations, [UNDONE]: counts.get(object) };
    return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
  });
}
