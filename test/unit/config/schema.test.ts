import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogFileSchema, stackFileSchema } from "../../../config/json-schema";
import { withSharedParts } from "../../../dev/docs/shared-schemas";

test("config/schema.json and config/catalog.schema.json are generated from the current zod schema (fix: npm run docs)", () => {
  const committed: unknown = JSON.parse(readFileSync("config/schema.json", "utf8"));
  expect(committed).toEqual(written(stackFileSchema()));
  const entries: unknown = JSON.parse(readFileSync("config/catalog.schema.json", "utf8"));
  expect(entries).toEqual(written(catalogFileSchema()));
});

test("each setting stands once in the editor's schemas, which mean the same with references as without", () => {
  for (const whole of [stackFileSchema(), catalogFileSchema()]) {
    const { $defs = {}, ...schema } = written(whole) as Shared;
    const expand = (part: unknown): unknown => {
      if (Array.isArray(part)) return part.map(expand);
      if (typeof part !== "object" || part === null) return part;
      if ("$ref" in part) return expand($defs[String(part.$ref).replace("#/$defs/", "")]);
      return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, expand(value)]));
    };
    expect(expand(schema)).toEqual(JSON.parse(JSON.stringify(whole)));
    const text = JSON.stringify({ $defs, schema });
    for (const name of Object.keys($defs)) {
      expect(text.split(`{"$ref":"#/$defs/${name}"}`).length - 1, name).toBeGreaterThan(1);
    }
  }
  const text = JSON.stringify(written(stackFileSchema()));
  expect(text.split("Port on which the server listens.")).toHaveLength(2);
});

test("the editor's schema accepts a secret only in Pulumi's encrypted form", () => {
  const { config } = (stackFileSchema() as { properties: { config: { properties: Schemas } } }).properties;
  const encrypted = { properties: { secure: { type: "string" } }, required: ["secure"] };
  expect(config.properties["modelfleet:registry"]?.properties?.["password"]).toMatchObject(encrypted);
  expect(config.properties["modelfleet:secrets"]).toMatchObject({
    additionalProperties: { additionalProperties: encrypted },
  });
});

test("the editor's schema shows the defaults that the program applies", () => {
  const { config } = (stackFileSchema() as { properties: { config: { properties: Schemas } } }).properties;
  expect(config.properties["modelfleet:defaults"]?.properties).toMatchObject({
    port: { default: 8080 },
    startupSeconds: { default: 120 },
    resources: { anyOf: [{ properties: { limits: { default: { memory: "1Gi" } } } }, { type: "null" }] },
  });
  expect(config.properties["modelfleet:namespace"]).toMatchObject({ default: "models" });
});

test.each(["defaults", "catalog"])("the editor's schema accepts null at any depth of %s", (key) => {
  const { config } = (stackFileSchema() as { properties: { config: { properties: Schemas } } }).properties;
  const text = JSON.stringify(config.properties[`modelfleet:${key}`]);
  const env = '"additionalProperties":{"anyOf":[{"type":["string","number","boolean"]},{"type":"null"}]}';
  expect(text).toContain(env);
  expect(text).toContain('"port":{"description":"Port on which the server listens.","default":8080,"anyOf":');
});

function written(schema: object): unknown {
  return JSON.parse(JSON.stringify(withSharedParts({ ...schema })));
}

interface Shared {
  readonly $defs?: Readonly<Record<string, unknown>>;
}

type Schemas = Record<string, { properties?: Record<string, object> } | undefined>;
