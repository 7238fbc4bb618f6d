import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { stackFileSchema } from "../../../config/json-schema";

test("config/schema.json is what the zod schema makes (if not: npm run docs)", () => {
  const committed: unknown = JSON.parse(readFileSync("config/schema.json", "utf8"));
  expect(committed).toEqual(JSON.parse(JSON.stringify(stackFileSchema())));
});

test("a secret stands in the file as Pulumi encrypts it", () => {
  const schema = JSON.stringify(stackFileSchema());
  expect(schema.match(/"secure"/g)).toHaveLength(4);
});
