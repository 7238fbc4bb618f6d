import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogFileSchema, stackFileSchema } from "../../../config/json-schema";

test("config/schema.json and config/catalog.schema.json are generated from the current zod schema (fix: npm run docs)", () => {
  const committed: unknown = JSON.parse(readFileSync("config/schema.json", "utf8"));
  expect(committed).toEqual(JSON.parse(JSON.stringify(stackFileSchema())));
  const entries: unknown = JSON.parse(readFileSync("config/catalog.schema.json", "utf8"));
  expect(entries).toEqual(JSON.parse(JSON.stringify(catalogFileSchema())));
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

type Schemas = Record<string, { properties?: Record<string, object> } | undefined>;
