import { isMap, merge, without } from "./merge";

/** Settings as people write them, before their layers are merged. */

/** Values by key, before they are checked. */
export type Values = Readonly<Record<string, unknown>>;

/** A variant without a value (`candidate:` alone) adds nothing to its model; elsewhere null removes. */
export function withEmptyVariants(values: Values): Values {
  const { catalog } = values;
  if (!isMap(catalog)) return values;
  const entries = Object.entries(catalog).map(([id, entry]) => {
    if (!isMap(entry) || !isMap(entry["variants"])) return [id, entry] as const;
    const variants = Object.entries(entry["variants"]).map(([name, own]) => [name, own ?? {}] as const);
    return [id, { ...entry, variants: Object.fromEntries(variants) }] as const;
  });
  return { ...values, catalog: Object.fromEntries(entries) };
}

/** A model as people write it, in layers. */
export interface Written {
  readonly id: string;
  /** What all of its variants start from: `defaults`, and then its catalog entry. */
  readonly shared: readonly unknown[];
  /** What each variant adds, by name; undefined for a model without variants. */
  readonly variants: Readonly<Record<string, unknown>> | undefined;
}

export function written(id: string, { defaults, catalog }: Values): Written {
  const entry = entryOf(catalog, id);
  if (!isMap(entry)) return { id, shared: [defaults, entry], variants: undefined };
  const { variants } = entry;
  const has = isMap(variants) && Object.keys(variants).length > 0;
  const own = without(entry, ["champion", "variants"]);
  return { id, shared: [defaults, own], variants: has ? variants : undefined };
}

/** Layers as one, the later ones over the earlier ones. */
export function merged(layers: readonly unknown[]): unknown {
  return layers.reduce(merge, {});
}

/** A model's entry. `iris:` alone parses as null and counts as no entry. */
export function entryOf(catalog: unknown, id: string): unknown {
  return isMap(catalog) ? (catalog[id] ?? undefined) : undefined;
}

export function imageOf(settings: unknown): unknown {
  return isMap(settings) ? (settings["image"] ?? undefined) : undefined;
}
