import type { z } from "zod";
import { fleetSettings } from "./fleet-schema";
import { inputSchema } from "./json-schema";
import { isMap } from "./merge";
import { isSecretName } from "./plain-text";
import { pathText, problem, type Problem } from "./problem";

/**
 * Compares the text of a settings file with the values that YAML made of it: `1.10` arrives as 1.1, `0755` as 493, and
 * `2024-05-01` as a time, without a word.
 */

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Maps and lists as in the file, with the text of every scalar. An encrypted value is a map with the key `secure`. */
export type Text = string | null | readonly Text[] | { readonly [key: string]: Text };

/** A scalar, or the key of a map, of which YAML made something else. */
interface Change {
  readonly path: readonly (string | number)[];
  readonly text: string;
  /** Undefined for a key. */
  readonly value: unknown;
}

/** What YAML made of a text; undefined if the text cannot be that of the value, so that it is another file. */
export function changesBetween(
  text: Text | undefined,
  value: unknown,
  path: readonly (string | number)[] = [],
): Change[] | undefined {
  if (text === undefined) return undefined;
  if (isEncrypted(text)) return [];
  if (Array.isArray(text)) return changesInList(text as readonly Text[], value, path);
  if (isMap(text)) return changesInMap(text, value, path);
  const plain = (text ?? "") as string;
  // Null removes a setting, whatever its text is: "~", "null" or none at all.
  if (value === null || String(value) === plain) return [];
  if (typeof value === "string") return isTime(value) ? [{ path, text: plain, value }] : undefined;
  return typeof value === "object" ? undefined : [{ path, text: plain, value }];
}

export function isEncrypted(text: Text | undefined): boolean {
  return isMap(text) && Object.keys(text).join() === "secure";
}

function changesInList(texts: readonly Text[], value: unknown, path: Change["path"]): Change[] | undefined {
  if (!Array.isArray(value) || value.length !== texts.length) return undefined;
  return all(texts.map((text, index) => changesBetween(text, value[index], [...path, index])));
}

function changesInMap(
  texts: Readonly<Record<string, Text>>,
  value: unknown,
  path: Change["path"],
): Change[] | undefined {
  if (!isMap(value)) return undefined;
  const changed = Object.keys(texts).filter((key) => !(key in value));
  const unknown = Object.keys(value).filter((key) => !(key in texts));
  // A key that YAML reads as a boolean, a number or a time has another text too.
  if (changed.length !== unknown.length || changed.some((key) => !mayChange(key))) return undefined;
  const kept = Object.keys(texts).filter((key) => key in value);
  return all([
    ...kept.map((key) => changesBetween(texts[key], value[key], [...path, key])),
    changed.map((text) => ({ path, text, value: undefined })),
  ]);
}

function all(parts: readonly (Change[] | undefined)[]): Change[] | undefined {
  return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

/** A time, as Go prints it. */
function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.* UTC$/.test(value);
}

/** A decimal number that JavaScript and Go print as it is written. */
const CANONICAL = /^(?!-0$)-?(0|[1-9]\d{0,14})(\.\d{0,5}[1-9])?$/;

/** Whether YAML may make another text of a scalar without quotes. */
function mayChange(text: string): boolean {
  return /^[-+]?\.?\d|^(true|false)$/i.test(text) && !CANONICAL.test(text) && !/^(true|false)$/.test(text);
}

/** Whether a file may hold such a scalar, without parsing it: most files hold none. */
export function mayHoldChanges(yaml: string): boolean {
  const scalars = yaml.matchAll(/(?:^|[\s[{,])([-+]?\.?\d[^\s,\]}]*|true|false)(?=[\s,\]}:]|$)/gim);
  return [...scalars].some(([, text = ""]) => mayChange(text.replace(/:$/, "")));
}

/** Made only if there is a change: it takes as long as a tenth of the program's start. */
const fleetShape = (): readonly JsonSchema[] => [inputSchema(fleetSettings)];
export const modelShape = (): readonly JsonSchema[] => schemasAt(fleetShape(), ["catalog", "<id>"]);

/**
 * The changes that matter, as problems: where a string is wanted, every change; where a number is wanted, one that makes
 * it another number.
 *
 * @param shape Gives the JSON schemas of the root. @default those of the fleet's settings
 */
export function problemsOfChanges(
  changes: readonly Change[],
  shape: () => readonly JsonSchema[] = fleetShape,
): Problem[] {
  const within = changes.length === 0 ? [] : shape();
  return changes.flatMap(({ path, text, value }) => {
    const fix = `put it in quotes: ${JSON.stringify(text)}`;
    if (value === undefined) {
      const rule = `the name ${text} is changed by YAML, which takes it for no string`;
      return [problem(pathText(path), undefined, rule, fix)];
    }
    const types = typesOf(schemasAt(within, path));
    const wantsNumber = types.has("integer") || (types.has("number") && !types.has("boolean"));
    if (wantsNumber ? Number(text) === value : !types.has("string")) return [];
    if (isSecretName(String(path.at(-1))))
      return [
        problem(
          pathText(path),
          undefined,
          "is changed by YAML, which takes it for no string",
          "put it in quotes",
        ),
      ];
    const rule = `is ${text} in the file, and YAML makes ${JSON.stringify(value)} of it`;
    return [problem(pathText(path), undefined, rule, wantsNumber ? "write a decimal number" : fix)];
  });
}

function schemasAt(schemas: readonly JsonSchema[], path: Change["path"]): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (found, key) =>
      found.flatMap(forms).flatMap(({ properties, additionalProperties, items }) => {
        const next: unknown = typeof key === "number" ? items : (properties?.[key] ?? additionalProperties);
        return isMap(next) ? [next] : [];
      }),
    [...schemas],
  );
}

function forms(schema: JsonSchema): JsonSchema[] {
  return [
    schema,
    ...[...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap((form) => (isMap(form) ? forms(form) : [])),
  ];
}

function typesOf(schemas: readonly JsonSchema[]): Set<string> {
  // One type, or a list of them: zod's JSON schemas have both.
  const types: unknown[] = schemas.flatMap(forms).map(({ type }) => type);
  return new Set(types.flat().filter((type) => typeof type === "string"));
}
