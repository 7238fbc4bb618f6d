/** Whether a value is a map of settings: not a list, not null. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The map that a value is, and an empty one for any other value. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}

/** The setting in which a null is kept: there it removes a field of the pod. */
const KEEPS_NULLS = "podSpec";

/**
 * Lays a model's own settings over the defaults: maps are merged key by key, lists and plain values replaced, and a
 * null removes what the defaults say.
 */
export function merge(defaults: unknown, own: unknown): unknown {
  return laid(own, defaults, false);
}

/** @param keepsNulls Whether a null is a value of its own. */
function laid(own: unknown, defaults: unknown, keepsNulls: boolean): unknown {
  if (!isMap(own)) return own === undefined ? defaults : own;
  const base = isMap(defaults) ? defaults : {};
  const merged = Object.entries(own).map(
    ([key, value]) => [key, laid(value, base[key], keepsNulls || key === KEEPS_NULLS)] as const,
  );
  const all = Object.entries({ ...base, ...Object.fromEntries(merged) });
  return Object.fromEntries(all.filter(([, value]) => keepsNulls || value !== null));
}

/** The settings without their nulls, for checking one map before it is merged. */
export function withoutNulls(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, key === KEEPS_NULLS ? item : withoutNulls(item)]),
  );
}

/** A map without some of its keys. */
export function without<T extends object, K extends keyof T>(map: T, keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}
