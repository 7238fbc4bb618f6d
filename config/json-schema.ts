import { z } from "zod";
import { fleetSettings } from "./schema";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON schema of a stack's settings file, for editors: made from the zod schema, so that the two cannot differ. */
export function stackFileSchema(): JsonSchema {
  const { $schema, properties = {} } = z.toJSONSchema(fleetSettings, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const meta = zodSchema instanceof z.ZodType ? zodSchema.meta() : undefined;
      if (meta?.secret) Object.assign(jsonSchema, ENCRYPTED);
      delete jsonSchema.secret;
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

/** How a value that was set with --secret stands in the file. */
const ENCRYPTED = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** A catalog entry's null removes what the defaults say, so that editors must let it stand. */
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
