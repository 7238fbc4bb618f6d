import * as pulumi from "@pulumi/pulumi";
import { isMap } from "../../config/merge";
import { MERGE_KEYS, REPLACED_ENTRIES } from "../../fleet/merge-keys";

type Entry = Readonly<Record<string, unknown>>;

/**
 * Lays a strategic merge patch over a part of a pod: maps are merged, entries of some lists too, by a field of theirs,
 * other values replaced, and a null removes a field. An entry with `$patch: delete` removes the one of its name.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 * @param field The field that has the value, by which lists differ.
 */
export function overlay(base: unknown, patch: unknown, field = ""): unknown {
  if (Array.isArray(patch)) {
    const key = MERGE_KEYS[field];
    return key === undefined ? patch : mergedList(Array.isArray(base) ? base : [], patch, { key, field });
  }
  if (!isMap(patch)) return patch;
  const under = isMap(base) && !pulumi.Output.isInstance(base) ? base : {};
  const merged = Object.entries(patch).map(([name, value]) => [name, overlay(under[name], value, name)]);
  const all: Entry = { ...under, ...Object.fromEntries(merged) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function mergedList(
  base: readonly unknown[],
  patch: readonly unknown[],
  { key, field }: { readonly key: string; readonly field: string },
): unknown[] {
  const keyOf = (entry: unknown) => (isMap(entry) ? entry[key] : entry);
  const patchOf = (entry: unknown) => patch.find((one) => keyOf(one) === keyOf(entry));
  const merged = base.flatMap((entry) => {
    const own = patchOf(entry);
    if (own === undefined) return [entry];
    if (isMap(own) && own["$patch"] === "delete") return [];
    return [overlay(REPLACED_ENTRIES.includes(field) ? {} : entry, own)];
  });
  const isNew = (one: unknown) =>
    !base.some((entry) => keyOf(entry) === keyOf(one)) && !(isMap(one) && one["$patch"] === "delete");
  return [...merged, ...patch.filter(isNew).map((one) => overlay({}, one))];
}
