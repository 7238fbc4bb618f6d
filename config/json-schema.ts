import { z } from "zod";
import { fleetSettings } from "./fleet-schema";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON schema of a stack's settings file, for editors, generated from the zod schema. */
export function stackFileSchema(): JsonSchema {
  const { $schema, properties = {} } = z.toJSONSchema(fleetSettings, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const meta = zodSchema instanceof z.ZodType ? zodSchema.meta() : undefined;
      if (meta?.secret) Object.assign(jsonSchema, ENCRYPTED);
      delete jsonSchema.secret;
      delete jsonSchema.otherwise;
      // Zod leaves out the default of a value that it converts.
      if (meta?.default !== undefined) jsonSchema.default = meta.default;
    },
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

/** A value in the file that was set with --secret. */
const ENCRYPTED = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** In a catalog entry null removes a default, so editors must accept it. */
function nullable(schema: JsonSchema | boolean, key: string): JsonSchema | boolean {
  if (key !== "catalog" || typeof schema === "boolean" || typeof schema.additionalProperties !== "object")
    return schema;
  const entry = schema.additionalProperties;
  const fields = Object.entries(entry.properties ?? {}).map(([name, field]) => [
    name,
    { anyOf: [field, { type: "null" }] },
  ]);
  return { ...schema, additionalProperties: { ...entry, properties: Object.fromEntries(fields) } };
}
