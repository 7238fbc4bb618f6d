import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { pathText } from "../../config/problem";
import type { FieldSet, ManagedFields } from "../../fleet/owner";
import { shown } from "./fields";
import { refreshedOf, type Step, type Tree } from "./steps";

/** A field of an object that the cluster has other than the last update left it, or a whole object that it lacks. */
export interface Drift {
  /** The object, such as `Deployment churn`. */
  readonly object: string;
  /** Such as `spec.replicas`; absent if the whole object is gone. */
  readonly field?: string;
  /** The value of the last update; absent if it is secret, compound or long, or there was none. */
  readonly old?: string;
  /** The value in the cluster; absent as `old`. */
  readonly new?: string;
  /** The field manager that set it, such as `kubectl-edit`; absent if the API server does not know. */
  readonly manager?: string;
}

/** What the refresh of a preview found. Empty without a refresh. */
export function driftOf(events: readonly EngineEvent[]): Drift[] {
  return refreshedOf(events)
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap(driftOfObject)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ object, field = "" }: Drift): string {
  return `${object} ${field}`;
}

function driftOfObject({ type, name, old, new: next, changed }: Step): Drift[] {
  const { name: own = name } = (old?.outputs["metadata"] ?? {}) as { name?: string };
  const object = `${type.split(":").at(-1)} ${own}`;
  if (next === undefined) return old === undefined ? [] : [{ object }];
  const manager = String(next.outputs["__fieldManager"]);
  const { managedFields = [] } = (next.outputs["metadata"] ?? {}) as { managedFields?: ManagedFields[] };
  const others = managedFields.filter((entry) => entry.manager !== manager);
  const found = Object.keys(changed).map((path) =>
    driftOfField(path, { old: old?.inputs, new: next.inputs }, others),
  );
  // The entries of a list that has one owner as a whole are one drift.
  return [...new Map(found.map((one) => [one.field, { object, ...one }])).values()];
}

function driftOfField(
  path: string,
  inputs: { readonly old: Tree | undefined; readonly new: Tree },
  managers: readonly ManagedFields[],
): Omit<Drift, "object"> {
  const names = namesIn(path);
  const owners = managers.flatMap((entry) => {
    const depth = entry.fieldsV1 && ownedDepth(entry.fieldsV1, names, inputs.new);
    return depth === undefined ? [] : [{ manager: entry.manager, time: entry.time ?? "", depth }];
  });
  const [owner] = owners.sort((a, b) => (a.time > b.time ? -1 : 1));
  const field = names.slice(0, owner?.depth ?? names.length);
  const [old, next] = [shown(valueAt(inputs.old, field)), shown(valueAt(inputs.new, field))];
  return {
    field: pathText(field),
    ...(old !== undefined && { old }),
    ...(next !== undefined && { new: next }),
    ...(owner?.manager !== undefined && { manager: owner.manager }),
  };
}

type Name = string | number;

/** `spec.ports[0].targetPort` and `metadata.labels["a/b"]` as names. */
function namesIn(path: string): Name[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    index !== undefined ? Number(index) : (quoted ?? name ?? ""),
  );
}

/** How many of the names lead to a member of a set of fields; undefined if none does. */
function ownedDepth(set: FieldSet, names: readonly Name[], object: unknown, depth = 0): number | undefined {
  const isMember = Object.keys(set).length === 0;
  if (isMember || depth === names.length) return isMember || "." in set ? depth : undefined;
  const name = names[depth] ?? "";
  const value = valueAt(object, [name]);
  const child = typeof name === "number" ? entryOf(set, value) : set[`f:${name}`];
  return child && ownedDepth(child, names, value, depth + 1);
}

/** The entry of a list by its key, such as `k:{"name":"model"}`. */
function entryOf(set: FieldSet, value: unknown): FieldSet | undefined {
  const entry = Object.entries(set).find(([key]) => {
    if (!key.startsWith("k:")) return false;
    const wanted = Object.entries(JSON.parse(key.slice(2)) as Tree);
    // A key may have a default that the inputs lack, such as the protocol of a port.
    return wanted.every(([name, part]) => [undefined, part].includes(valueAt(value, [name])));
  });
  return entry?.[1];
}

function valueAt(object: unknown, names: readonly Name[]): unknown {
  return names.reduce<unknown>(
    (value, name) => (value as Record<Name, unknown> | undefined | null)?.[name],
    object,
  );
}
