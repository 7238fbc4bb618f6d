/** A field that differs. */
export interface FieldChange {
  /** Such as `spec.template.spec.containers[model].image`: entries of a list by their name if they have one. */
  readonly path: string;
  /** Undefined if the field was or will be absent. */
  readonly old: unknown;
  readonly new: unknown;
}

/** The longest value that is shown, in characters. */
const MAX_SHOWN = 60;

/**
 * The fields that differ between two objects, sorted by path. An empty map is the same as none: that is how Kubernetes
 * stores it. Lists whose entries have names are compared by name, others as a whole.
 */
export function changesOf(a: unknown, b: unknown, path = ""): FieldChange[] {
  const [before, after] = [entriesOf(a), entriesOf(b)];
  if (before === undefined && after === undefined)
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, old: a, new: b }];
  const [left, right] = [before ?? whenAbsent(a), after ?? whenAbsent(b)];
  if (left === undefined || right === undefined) return [{ path, old: a, new: b }];
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort();
  const below = (key: string) => (path === "" || key.startsWith("[") ? `${path}${key}` : `${path}.${key}`);
  return keys.flatMap((key) => changesOf(left.get(key), right.get(key), below(key)));
}

/** `cpu 1 -> 2`, `tier added (x)`, `tier removed`; a long or compound value is not shown. */
export function fieldWords(name: string, { old, new: next }: Pick<FieldChange, "old" | "new">): string {
  const [before, after] = [shown(old), shown(next)];
  if (old === undefined) return after === undefined ? `${name} added` : `${name} added (${after})`;
  if (next === undefined) return `${name} removed`;
  return before === undefined || after === undefined ? `${name} changes` : `${name} ${before} -> ${after}`;
}

/** A value on one line; undefined if it is secret, compound, or too long. */
export function shown(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || value === "[secret]") return undefined;
  return value.length > MAX_SHOWN || /\s/.test(value) || value === "" ? undefined : value;
}

/** The key by which Pulumi marks a map as a special value, such as a masked secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A map or a list of named entries by key; undefined for anything else. */
function entriesOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const names = value.map((entry: unknown) => (entry as { name?: unknown } | null)?.name);
    if (!names.every((name) => typeof name === "string")) return undefined;
    return new Map(value.map((entry: unknown, index) => [`[${names[index] ?? ""}]`, entry]));
  }
  const isMap = typeof value === "object" && value !== null && !(SIGNATURE in value);
  return isMap ? new Map(Object.entries(value)) : undefined;
}

function whenAbsent(value: unknown): Map<string, unknown> | undefined {
  return value === undefined ? new Map() : undefined;
}
