import { z } from "zod";
import { fleetSettings } from "./fleet-schema";
import { isMap } from "./merge";
import { catalogEntry } from "./model-schema";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON schema of a stack's settings file, for editors, generated from the zod schema. */
export function stackFileSchema(): JsonSchema {
  const { $schema, properties = {} } = inputSchema(fleetSettings, (field) => {
    if (field.secret === true) Object.assign(field, ENCRYPTED);
    delete field.secret;
    delete field.otherwise;
  });
  const config = Object.entries(properties).map(([key, schema]) => [
    `modelfleet:${key}`,
    nullable(schema, key),
  ]);
  return {
    ...($schema && { $schema }),
    title: "Settings of a modelfleet stack (Pulumi.<stack>.yaml)",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(config),
        patternProperties: { "^(?!modelfleet:)": {} },
        additionalProperties: false,
      },
    },
  };
}

/** The JSON schema of a catalog entry in a file of its own, for editors. */
export function catalogFileSchema(): JsonSchema {
  const schema = inputSchema(catalogEntry, (field) => delete field.otherwise);
  return { ...withNulls(schema), title: "Settings of a model (catalog/<id>.yaml)" };
}

/**
 * The JSON schema of settings as people write them, with every default.
 *
 * @param edit Changes each field. @default no field is changed
 */
export function inputSchema(schema: z.ZodType, edit?: (field: JsonSchema) => unknown): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const meta = zodSchema instanceof z.ZodType ? zodSchema.meta() : undefined;
      // Zod leaves out the default of a value that it converts.
      if (meta?.default !== undefined) jsonSchema.default = meta.default;
      edit?.(jsonSchema);
    },
  });
}

/** A value in the file that was set with --secret. */
const ENCRYPTED = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** In `defaults`, `catalog` and `runtimes` null removes what is set, at any depth but in lists, so editors must accept it. */
function nullable(schema: JsonSchema | boolean, key: string): JsonSchema | boolean {
  const hasNulls = ["defaults", "catalog", "runtimes"].includes(key);
  return hasNulls && typeof schema !== "boolean" ? withNulls(schema) : schema;
}

function withNulls(schema: JsonSchema): JsonSchema {
  const { properties = {}, additionalProperties } = schema;
  const orNull = (field: unknown): JsonSchema => {
    if (!isMap(field)) return {};
    // Editors show the help and the default of the whole, not of one of its forms.
    const { description, default: value, ...form } = withNulls(field);
    return {
      ...(description !== undefined && { description }),
      ...(value !== undefined && { default: value }),
      anyOf: [form, { type: "null" }],
    };
  };
  const fields = Object.entries(properties).map(([name, field]) => [name, orNull(field)] as const);
  return {
    ...schema,
    ...(fields.length > 0 && { properties: Object.fromEntries(fields) }),
    ...(isMap(additionalProperties) && { additionalProperties: orNull(additionalProperties) }),
  };
}
