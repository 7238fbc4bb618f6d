import { isMap } from "../../config/merge";
import { pathText } from "../../config/problem";
import type { Draft } from "./draft";

/**
 * What becomes of one field of another system's documents: the import reads the documents by these tables, and the page
 * docs/migrate.md is made of them.
 */
export interface Field {
  /** Its path below the place of its table, such as `model.storageUri`. */
  readonly field: string;
  /** Its setting. @default it has no counterpart */
  readonly setting?: string;
  /** How it is carried over; of a field without counterpart, what to do instead. */
  readonly text?: string;
  /** Carries it over. @default the setting gets the value as it is */
  readonly carry?: (value: unknown, draft: Draft, path: string) => void;
}

/** A field that another one carries over too, or that says what is so anyway. */
export const elsewhere = (): void => undefined;

/** The rows of a range of pods whose number is fixed if both ends are the same. */
export const POD_RANGE: readonly Field[] = [
  { field: "spec.minReplicas", setting: "minReplicas", carry: elsewhere },
  {
    field: "spec.maxReplicas",
    setting: "maxReplicas",
    text: "`replicas` if both are the same",
    carry: elsewhere,
  },
];

/** Carries over each field of a map that a table knows, and names all others. */
export function carryFields(table: readonly Field[], value: unknown, draft: Draft, at: string): void {
  const map = draft.map(value, at);
  if (map === undefined) return;
  for (const { field, setting, text, carry } of table) {
    const own = valueAt(map, field);
    if (own === undefined || own === null) continue;
    const path = pathText(field.split("."), at);
    if (carry !== undefined) carry(own, draft, path);
    else if (setting !== undefined) draft.set(setting, own, path);
    else draft.note(path, lost(text));
  }
  nameUnknown(new Set(table.map(({ field }) => field)), map, draft, { at, below: "" });
}

/** What messages say of a field without counterpart. */
export function lost(text?: string): string {
  return `has no counterpart${text === undefined ? "" : `; ${text}`}`;
}

function nameUnknown(
  known: ReadonlySet<string>,
  map: Readonly<Record<string, unknown>>,
  draft: Draft,
  { at, below }: { readonly at: string; readonly below: string },
): void {
  for (const [key, value] of Object.entries(map)) {
    const field = below === "" ? key : `${below}.${key}`;
    const path = pathText([key], at);
    if (known.has(field) || value === undefined || value === null) continue;
    if (isMap(value) && [...known].some((one) => one.startsWith(`${field}.`)))
      nameUnknown(known, value, draft, { at: path, below: field });
    else draft.note(path, lost("the import does not know this field"));
  }
}

/** The value at a path of keys with dots between them. */
export function valueAt(map: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), map);
}
