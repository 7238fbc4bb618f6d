/**
 * Who owns the fields of an object, as its `managedFields` record it, and who should. An apply removes only fields that
 * the stack's own field manager owns, so the stack takes over what others set in its own fields first.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */

import { type Kind, KINDS, SOLE_FIELDS } from "../fleet/objects";
import { fieldManager, type FieldSet, type ManagedFields, type ObjectMeta } from "../fleet/owner";
import { below, type FieldPath, notBelow, pathsOf, union, unknownTo } from "./field-sets";

/** What one manager set in fields that are the stack's alone. */
export interface ForeignFields {
  readonly manager: string;
  /** Such as `spec.ports[8080/TCP]`; sorted. */
  readonly paths: readonly FieldPath[];
}

/** What others set, by manager, where the stack itself sets nothing or has lost its field to them. */
export function foreignFields(
  kind: Kind,
  managedFields: readonly ManagedFields[],
  stack: string,
): ForeignFields[] {
  const ours = managedFields.find((entry) => isOurs(entry, stack))?.fieldsV1;
  return managedFields
    .filter((entry) => !isOurs(entry, stack))
    .flatMap((entry) => {
      const set = soleFieldsOf(kind, entry);
      const foreign = set && unknownTo(ours, set);
      return foreign === undefined
        ? []
        : [{ manager: entry.manager ?? "an unknown manager", paths: pathsOf(foreign) }];
    });
}

/**
 * The managers of an object as the stack wants them before its update: it owns its own fields alone, keeps from the
 * provider those that kubectl set elsewhere, and gives away what an autoscaler decides. Undefined if they are so already.
 *
 * @param given Paths of fields that the stack gives away.
 */
export function fieldsTaken(
  kind: Kind,
  managedFields: readonly ManagedFields[],
  stack: string,
  given: readonly FieldPath[] = [],
): readonly ManagedFields[] | undefined {
  const handed = managedFields.flatMap((entry) => (isOurs(entry, stack) ? givenAway(entry, given) : [entry]));
  const taken = fieldsTakenFrom(kind, handed, stack);
  return taken ?? (handed.length > managedFields.length ? handed : undefined);
}

/** Who has the fields that the stack has given away, until the autoscaler writes them. */
const KEEPER = "kept-for-autoscaler";

/**
 * The entry of the stack, and beside it one that keeps fields as they are: what no manager owns any more after an apply
 * without it falls back to the API server's default, which is one replica.
 */
function givenAway(ours: ManagedFields, paths: readonly FieldPath[]): ManagedFields[] {
  const { fieldsV1 = {}, apiVersion } = ours;
  const kept = below(fieldsV1, paths);
  if (kept === undefined) return [ours];
  const keeper = { manager: KEEPER, operation: "Update", fieldsType: "FieldsV1", fieldsV1: kept };
  return [
    { ...ours, fieldsV1: notBelow(fieldsV1, paths) ?? {} },
    { ...keeper, ...(apiVersion !== undefined && { apiVersion }) },
  ];
}

function fieldsTakenFrom(
  kind: Kind,
  managedFields: readonly ManagedFields[],
  stack: string,
): readonly ManagedFields[] | undefined {
  const others = managedFields.filter((entry) => !isOurs(entry, stack));
  const taken = others.flatMap((entry) => soleFieldsOf(kind, entry) ?? []);
  if (taken.length === 0 && !others.some(isTakenByProvider)) return undefined;
  const ours = managedFields.find((entry) => isOurs(entry, stack));
  const own: ManagedFields = ours ?? {
    manager: fieldManager(stack),
    operation: "Apply",
    apiVersion: KINDS[kind].apiVersion,
    fieldsType: "FieldsV1",
  };
  const sets = [...(ours?.fieldsV1 ? [ours.fieldsV1] : []), ...taken];
  return [
    ...(sets.length === 0 ? [] : [{ ...own, fieldsV1: sets.reduce(union) }]),
    ...merged(others.flatMap((entry) => withoutSoleFields(kind, entry)).map(kept)),
  ];
}

/**
 * The managers of an object without fields of its own, such as the Namespace, as the stack wants them before its update:
 * see {@link fieldsTaken}. Undefined if they are so already.
 */
export function fieldsKept(managedFields: readonly ManagedFields[]): readonly ManagedFields[] | undefined {
  return managedFields.some(isTakenByProvider) ? merged(managedFields.map(kept)) : undefined;
}

/**
 * When the stack changed an object last, as ISO 8601 in seconds: the API server keeps the time of an apply that changes
 * nothing. Undefined if it never did.
 */
export function timeOfApply({ managedFields = [] }: ObjectMeta, stack: string): string | undefined {
  return managedFields.find((entry) => isOurs(entry, stack) && entry.subresource === undefined)?.time;
}

function isOurs({ manager, operation }: ManagedFields, stack: string): boolean {
  return manager === fieldManager(stack) && operation === "Apply";
}

/** A subresource is written by controllers, such as an autoscaler, or `kubectl scale`. */
function soleFieldsOf(kind: Kind, { fieldsV1, subresource }: ManagedFields): FieldSet | undefined {
  return subresource === undefined && fieldsV1 ? below(fieldsV1, SOLE_FIELDS[kind]) : undefined;
}

function withoutSoleFields(kind: Kind, entry: ManagedFields): ManagedFields[] {
  if (soleFieldsOf(kind, entry) === undefined) return [entry];
  const fieldsV1 = notBelow(entry.fieldsV1 ?? {}, SOLE_FIELDS[kind]);
  return fieldsV1 === undefined ? [] : [{ ...entry, fieldsV1 }];
}

/** The managers whose fields the provider takes over when it updates an object, and then removes; no preview says so. */
const PROVIDER_TAKES: readonly string[] = [
  "kubectl",
  "before-first-apply",
  "pulumi-kubernetes",
  "pulumi-resource-kubernetes",
];

function isTakenByProvider({ manager = "", subresource }: ManagedFields): boolean {
  return subresource === undefined && PROVIDER_TAKES.some((prefix) => manager.startsWith(prefix));
}

/** Renames a manager so that its fields stay: the time of `kubectl rollout restart` removed would be another restart. */
function kept(entry: ManagedFields): ManagedFields {
  return isTakenByProvider(entry) ? { ...entry, manager: `kept-${entry.manager ?? ""}` } : entry;
}

/** One entry per manager and operation: the API server drops all but one of them. */
function merged(entries: readonly ManagedFields[]): ManagedFields[] {
  const byIdentity = new Map<string, ManagedFields>();
  for (const entry of entries) {
    const { manager, operation, apiVersion, subresource, fieldsV1 } = entry;
    const identity = JSON.stringify([manager, operation, apiVersion, subresource]);
    const same = byIdentity.get(identity);
    const sets = [same?.fieldsV1, fieldsV1].filter((set) => set !== undefined);
    byIdentity.set(identity, sets.length === 0 ? entry : { ...entry, fieldsV1: sets.reduce(union) });
  }
  return [...byIdentity.values()];
}
