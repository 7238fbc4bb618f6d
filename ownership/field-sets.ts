/**
 * Sets of an object's fields, as `managedFields` writes them. A set is a tree: `f:name` is a field, `k:{...}` an entry of
 * a list by its key, `v:...` an entry by its value. A node without children is a member of the set; so is a node that
 * has the child ".".
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */

import type { FieldSet } from "../fleet/owner";

/** A field by the names of the fields above it, such as `spec.template.spec.containers`. */
export type FieldPath = string;

const SELF = ".";

/** The members of both sets. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isLeaf(a) && isLeaf(b)) return {};
  const result: FieldSet = isLeaf(a) || isLeaf(b) ? { [SELF]: {}, ...a } : { ...a };
  for (const [key, fields] of Object.entries(b)) {
    const other = result[key];
    result[key] = other === undefined ? fields : union(other, fields);
  }
  return result;
}

/** The members at or below these paths; undefined if there are none. */
export function below(set: FieldSet, paths: readonly FieldPath[]): FieldSet | undefined {
  const parts = paths.flatMap((path) => {
    const names = path.split(".").map((name) => `f:${name}`);
    const node = names.reduce<FieldSet | undefined>((parent, name) => parent?.[name], set);
    return node === undefined
      ? []
      : [names.reduceRight<FieldSet>((child, name) => ({ [name]: child }), node)];
  });
  return parts.length === 0 ? undefined : parts.reduce(union);
}

/** The members that are not at or below these paths; undefined if there are none. */
export function notBelow(set: FieldSet, paths: readonly FieldPath[]): FieldSet | undefined {
  return paths.reduce<FieldSet | undefined>(
    (rest, path) =>
      rest &&
      remove(
        rest,
        path.split(".").map((name) => `f:${name}`),
      ),
    set,
  );
}

/**
 * The members of a set that another set knows nothing about; undefined if there are none. A list or a map that both have
 * entries of is no member by itself.
 */
export function unknownTo(other: FieldSet | undefined, set: FieldSet): FieldSet | undefined {
  if (other === undefined) return set;
  if (isLeaf(other)) return undefined;
  const rest = Object.entries(set).flatMap(([key, fields]) => {
    const unknown = key === SELF ? undefined : unknownTo(other[key], fields);
    return unknown === undefined ? [] : [[key, unknown] as const];
  });
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/** The members as a user reads them, sorted: `spec.ports[8080/TCP]`. What is below a member is not listed again. */
export function pathsOf(set: FieldSet): FieldPath[] {
  return namesIn(set, "").sort();
}

function namesIn(set: FieldSet, prefix: string): string[] {
  if (isLeaf(set) || SELF in set) return [prefix];
  return Object.entries(set).flatMap(([key, fields]) => namesIn(fields, `${prefix}${nameOf(key, prefix)}`));
}

function nameOf(key: string, prefix: string): string {
  const text = key.slice(2);
  if (key.startsWith("f:")) return prefix === "" ? text : `.${text}`;
  if (!key.startsWith("k:")) return `[${text}]`;
  return `[${Object.values(JSON.parse(text) as Record<string, unknown>).join("/")}]`;
}

/** Removes nodes that would be empty too: an empty node is a member. */
function remove(set: FieldSet, [name = "", ...names]: readonly string[]): FieldSet | undefined {
  const { [name]: child, ...rest } = set;
  if (child === undefined) return set;
  const left = names.length === 0 ? undefined : remove(child, names);
  if (left !== undefined) return { ...rest, [name]: left };
  return isLeaf(rest) ? undefined : rest;
}

function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}
