import { type FieldSchema, resolved, type Schemas } from "../../kubernetes/openapi";

/** A list of which a strategic merge patch merges the entries. */
export interface MergedList {
  readonly field: string;
  readonly key: string;
  readonly strategy: string;
}

/** All such lists below a schema of the API server. */
export function mergedLists(
  schema: FieldSchema,
  schemas: Schemas,
  seen = new Set<FieldSchema>(),
): MergedList[] {
  const known = resolved(schema, schemas);
  if (seen.has(known)) return [];
  seen.add(known);
  const below = [known.items, known.additionalProperties].flatMap((one) => one ?? []);
  return [
    ...below.flatMap((one) => mergedLists(one, schemas, seen)),
    ...Object.entries(known.properties ?? {}).flatMap(([field, value]) => {
      const key = value["x-kubernetes-patch-merge-key"];
      const strategy = value["x-kubernetes-patch-strategy"] ?? "";
      return [...(key === undefined ? [] : [{ field, key, strategy }]), ...mergedLists(value, schemas, seen)];
    }),
  ];
}
