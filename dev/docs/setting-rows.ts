import type { z } from "zod";
import { inputSchema } from "../../config/json-schema";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** One setting, as the reference shows it. */
export interface SettingRow {
  /** Its path, such as `routing.defaultBackend.image`. */
  readonly key: string;
  readonly type: string;
  readonly default: string;
  readonly help: string;
}

/** Settings whose own keys have a table of their own. */
const MODEL_SETTINGS: Readonly<Record<string, string>> = {
  defaults: "model settings",
  catalog: "map of model settings",
  runtimes: "map of model settings",
  variants: "map of settings of a variant",
  affinity: "as in a pod",
  resourceProfiles: "map of profiles",
};

/** The settings of a schema, those of nested maps by their paths, in the order in which they are declared. */
export function settingRows(schema: z.ZodType): SettingRow[] {
  return rowsOf(inputSchema(schema), "");
}

function rowsOf(map: JsonSchema, before: string): SettingRow[] {
  const { properties = {}, required = [] } = map;
  return Object.entries(properties).flatMap(([name, field]) => {
    if (typeof field === "boolean") return [];
    const key = `${before}${name}`;
    const type = MODEL_SETTINGS[key];
    if (type === undefined && field.properties !== undefined) return rowsOf(field, `${key}.`);
    const isRequired = required.includes(name) || key === "models";
    return [
      {
        key,
        type: type ?? typeOf(field),
        default: isRequired ? requiredWith(before) : defaultOf(field),
        help: field.description ?? "",
      },
    ];
  });
}

/** A setting inside an optional map is required only with that map. */
function requiredWith(before: string): string {
  return before === "" ? "required" : `required with \`${before.slice(0, -1)}\``;
}

/** The type of a value in words, such as `map of strings, numbers or booleans`. */
export function typeOf(schema: JsonSchema): string {
  if (schema["secret"] === true) return "encrypted string";
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.anyOf !== undefined) return joined([...new Set(schema.anyOf.map(typeOf))]);
  if (Array.isArray(schema.type)) return joined(schema.type);
  if (schema.type === "array") return `list of ${plural(typeOf(schema.items as JsonSchema))}`;
  if (schema.type === "object") return `map of ${plural(typeOf(schema.additionalProperties as JsonSchema))}`;
  const { minimum, maximum } = schema;
  const range = minimum === undefined || maximum === undefined ? "" : `, ${minimum} to ${maximum}`;
  return `${schema.type ?? "string"}${range}`;
}

function joined(types: readonly string[]): string {
  return types.length < 2 ? (types[0] ?? "") : `${types.slice(0, -1).join(", ")} or ${types.at(-1) ?? ""}`;
}

function plural(type: string): string {
  return type
    .replace(/\b(string|number|boolean|integer|map|list)\b(?! of)/g, "$1s")
    .replace(/^map of/, "maps of");
}

function defaultOf(schema: JsonSchema): string {
  if (typeof schema["otherwise"] === "string") return schema["otherwise"];
  const value: unknown = schema.default;
  if (value === undefined) return "none";
  if (typeof value !== "object" || value === null) return `\`${String(value)}\``;
  const entries = Object.entries(value);
  return entries.length === 0 ? "none" : entries.map(([key, one]) => `\`${key}: ${String(one)}\``).join(", ");
}
