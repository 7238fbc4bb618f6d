type Schema = Readonly<Record<string, unknown>>;

/** Below this many characters, a repeated schema is easier to read than a reference to it. */
const SHORTEST = 120;

/** Keywords whose value maps names to schemas. */
const NAMED = new Set(["properties", "patternProperties"]);
/** Keywords whose value is a schema. */
const SINGLE = new Set(["additionalProperties", "propertyNames", "items"]);
/** Keywords whose value is a list of schemas. */
const LISTED = new Set(["anyOf", "oneOf", "allOf"]);

/**
 * The same schema with each part that stands in it several times written once, in `$defs` by the name of its setting.
 * The settings of a model stand in `defaults`, in `catalog` and in each variant: without references, one new setting is
 * four changes of the file.
 */
export function withSharedParts(schema: Schema): Schema {
  const uses = countUses(schema);
  const names = new Map<string, string>();
  const parts: Record<string, Schema> = {};
  const write = (part: Schema, setting: string): Schema => {
    const text = JSON.stringify(part);
    if (text.length < SHORTEST || (uses.get(text) ?? 0) < 2) return eachPart(part, setting, write);
    let name = names.get(text);
    if (name === undefined) {
      name = freeName(setting, parts);
      names.set(text, name);
      // Takes the name before the parts within ask for one.
      parts[name] = {};
      parts[name] = eachPart(part, setting, write);
    }
    return { $ref: `#/$defs/${name}` };
  };
  const whole = eachPart(schema, "", write);
  return Object.keys(parts).length === 0 ? whole : { ...whole, $defs: parts };
}

/** How often each schema is used, by its text; what stands in a repeated schema counts once. */
function countUses(schema: Schema): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const visit = (part: Schema): Schema => {
    const text = JSON.stringify(part);
    const before = uses.get(text) ?? 0;
    uses.set(text, before + 1);
    if (before === 0) eachPart(part, "", visit);
    return part;
  };
  visit(schema);
  return uses;
}

/** A schema with every schema in it replaced. @param setting Name of the setting that the schema belongs to. */
function eachPart(
  schema: Schema,
  setting: string,
  replace: (part: Schema, setting: string) => Schema,
): Schema {
  const one = (value: unknown, name: string) => (isSchema(value) ? replace(value, name) : value);
  const entries = Object.entries(schema).map(([keyword, value]) => {
    if (NAMED.has(keyword) && isSchema(value)) {
      return [keyword, Object.fromEntries(Object.entries(value).map(([key, part]) => [key, one(part, key)]))];
    }
    if (SINGLE.has(keyword)) return [keyword, one(value, setting)];
    if (LISTED.has(keyword) && Array.isArray(value))
      return [keyword, value.map((part) => one(part, setting))];
    return [keyword, value];
  });
  return Object.fromEntries(entries) as Schema;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function freeName(setting: string, taken: Schema): string {
  const name = setting.replace(/[^A-Za-z0-9]+/g, "") || "part";
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}${number}`;
    if (!(candidate in taken)) return candidate;
  }
}
