import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problemsOfController } from "../../../config/controller";
import { ROOT } from "../../../lib/paths";
import { examples } from "../../support/examples";
import { fleetOf, problems } from "../../support/settings";

const EXAMPLES = examples();

test.each(EXAMPLES)("the settings of the example $name have no problem", ({ config }) => {
  expect(problems(config)).toEqual([]);
  const fleet = fleetOf(config);
  if (fleet.routing.flavour !== "gateway") expect(problemsOfController(fleet)).toEqual([]);
});

test.each(EXAMPLES)("the example $name says what to ask, in at most 30 lines", ({ text, requests }) => {
  expect(requests.length).toBeGreaterThan(0);
  expect(requests).toHaveLength(text.match(/^# curl /gm)?.length ?? 0);
  expect(text.split("\n").length - 1).toBeLessThanOrEqual(30);
});

test("the index of the examples names each file once", () => {
  const index = readFileSync(join(ROOT, "examples", "settings", "README.md"), "utf8");
  const named = [...index.matchAll(/^\| \[[^\]]+\]\(([^)]+)\.yaml\)/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(EXAMPLES.map(({ name }) => name));
});
