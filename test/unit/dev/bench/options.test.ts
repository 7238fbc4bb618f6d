import { describe, expect, test } from "vitest";
import { isMeasured, parseOptions, repeatsFor } from "../../../../dev/bench/options";

test("without arguments, every contender runs with 10, 100 and 300 models", () => {
  expect(parseOptions([])).toEqual({
    models: [10, 100, 300],
    contenders: ["modelfleet", "verbs", "kubectl", "helm", "python", "plain-pulumi", "limit"],
    named: false,
    repeat: undefined,
  });
});

test("sizes are sorted, without duplicates", () => {
  expect(parseOptions(["--models", "30, 10,30"]).models).toEqual([10, 30]);
});

test("--only and --skip choose contenders, in the order of the table", () => {
  expect(parseOptions(["--only", "python,modelfleet"]).contenders).toEqual(["modelfleet", "python"]);
  expect(parseOptions(["--skip", "python,plain-pulumi"]).contenders).toEqual([
    "modelfleet",
    "verbs",
    "kubectl",
    "helm",
    "limit",
  ]);
});

describe("a wrong argument is an error that names it and the allowed values:", () => {
  test.each([
    [["--models", "10,many"], '--models: "many" is not an integer from 1 to 5000'],
    [["--models", "0"], '--models: "0" is not an integer from 1 to 5000'],
    [["--models", ","], "--models: give sizes, such as 10,100,300"],
    [["--repeat", "21"], '--repeat: "21" is not an integer from 1 to 20'],
    [
      ["--only", "flux"],
      '--only: no contender "flux"; there are modelfleet, verbs, kubectl, helm, python, plain-pulumi, limit',
    ],
    [["--only", "kubectl", "--skip", "kubectl"], "--only and --skip leave no contender"],
  ])("%j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});

test("small fleets run three times and large ones once, unless --repeat says otherwise", () => {
  expect([10, 100, 300].map((models) => repeatsFor(models, { repeat: undefined }))).toEqual([3, 1, 1]);
  expect([10, 300].map((models) => repeatsFor(models, { repeat: 2 }))).toEqual([2, 2]);
});

test("plain-pulumi runs with up to 100 models, and with more only if --only names it", () => {
  const sizes = (args: readonly string[]) =>
    [10, 100, 300].filter((models) => isMeasured("plain-pulumi", models, parseOptions(args)));
  expect(sizes([])).toEqual([10, 100]);
  expect(sizes(["--only", "plain-pulumi"])).toEqual([10, 100, 300]);
  expect(isMeasured("helm", 2000, parseOptions([]))).toBe(true);
});
