import { expect, test } from "vitest";
import { isAtLeast, readJson, ROOT } from "../../../lib/bootstrap.mjs";
import * as paths from "../../../lib/paths";

test.each([
  ["20.19.0", true],
  ["20.20.2", true],
  ["22.0.0", true],
  ["20.9.0", false],
  ["20.18.9", false],
  ["18.20.0", false],
])("whether Node.js %s is at least 20.19: %s", (version, expected) => {
  expect(isAtLeast(version, "20.19")).toBe(expected);
});

test("package.json asks for a version of Node.js in the form that the check reads", () => {
  expect((readJson("package.json") as { engines: { node: string } }).engines.node).toMatch(/^>=\d+\.\d+$/);
});

test("the checkout's folder is the same before and after packages are installed", () => {
  expect(ROOT).toBe(paths.ROOT);
});
