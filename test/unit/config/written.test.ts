import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { changesBetween, mayHoldChanges, problemsOfChanges, type Text } from "../../../config/written";

const texts = (yaml: string) => parseDocument(yaml, { schema: "failsafe", merge: true }).toJS() as Text;

/** A variable in the file, and what Pulumi 3.232 makes of it (seen with `pulumi config --json`). */
const VALUES: [written: string, arrives: unknown][] = [
  ["2024-05-01", "2024-05-01 00:00:00 +0000 UTC"],
  ["2024-05-01T10:00:00Z", "2024-05-01 10:00:00 +0000 UTC"],
  ["1.10", 1.1],
  ["0755", 493],
  ["0o755", 493],
  ["1234567e8", 123456700000000],
  ["0x10", 16],
  ["0b11", 3],
  ["1_000", 1000],
  ["+1", 1],
  ["-0", 0],
  ["12345678901234567890", 12345678901234567000],
  ["True", true],
  ["TRUE", true],
];

describe("a scalar of the stack's file", () => {
  test.each(VALUES)("that YAML changes is a problem: %s", (written, value) => {
    const yaml = `catalog:\n  iris:\n    env:\n      A: ${written}\n`;
    expect(mayHoldChanges(yaml)).toBe(true);
    const changes = changesBetween(texts(yaml), { catalog: { iris: { env: { A: value } } } });
    expect(problemsOfChanges(changes ?? [])).toEqual([
      `catalog.iris.env.A: is ${written} in the file, and YAML makes ${JSON.stringify(value)} of it; put it in quotes: "${written}"`,
    ]);
  });

  test("is not shown if its name is that of a secret", () => {
    const changes = changesBetween(texts("defaults: {env: {API_TOKEN: 1234567e8}}"), {
      defaults: { env: { API_TOKEN: 123456700000000 } },
    });
    expect(problemsOfChanges(changes ?? [])).toEqual([
      "defaults.env.API_TOKEN: is changed by YAML, which takes it for no string; put it in quotes",
    ]);
  });

  test.each<[written: string, arrives: unknown]>([
    ["8080", 8080],
    ["1.5", 1.5],
    ["-3", -3],
    ["true", true],
    ["yes", "yes"],
    ["12:30:45", "12:30:45"],
    ['"1.10"', "1.10"],
    ["'0755'", "0755"],
    ["~", null],
    ["", null],
    ["registry.example/iris:1.10", "registry.example/iris:1.10"],
    ["a\n        b", "a b"],
  ])("that YAML keeps is none: %s", (written, value) => {
    const yaml = `catalog:\n  iris:\n    env:\n      A: ${written}\n`;
    const changes = changesBetween(texts(yaml), { catalog: { iris: { env: { A: value } } } });
    expect(changes).toEqual([]);
  });

  test("is compared in lists and as the key of a map too, and in what an anchor merges", () => {
    const yaml =
      "models: [iris, 1.10]\ndefaults:\n  env: &e {A: 0755}\ncatalog:\n  iris:\n    env:\n      <<: *e\n      TRUE: a\n";
    const value = {
      models: ["iris", 1.1],
      defaults: { env: { A: 493 } },
      catalog: { iris: { env: { A: 493, true: "a" } } },
    };
    expect(problemsOfChanges(changesBetween(texts(yaml), value) ?? [])).toEqual([
      'models[1]: is 1.10 in the file, and YAML makes 1.1 of it; put it in quotes: "1.10"',
      'defaults.env.A: is 0755 in the file, and YAML makes 493 of it; put it in quotes: "0755"',
      'catalog.iris.env.A: is 0755 in the file, and YAML makes 493 of it; put it in quotes: "0755"',
      'catalog.iris.env: the name TRUE is changed by YAML, which takes it for no string; put it in quotes: "TRUE"',
    ]);
  });

  test("is a number where one is wanted, as long as it is the same number", () => {
    const yaml =
      "catalog:\n  iris:\n    replicas: 010\n    port: 80_80\n    startupSeconds: 6e1\n    resources: {limits: {cpu: 1.50}}\n";
    const value = {
      catalog: { iris: { replicas: 8, port: 8080, startupSeconds: 60, resources: { limits: { cpu: 1.5 } } } },
    };
    expect(problemsOfChanges(changesBetween(texts(yaml), value) ?? [])).toEqual([
      "catalog.iris.replicas: is 010 in the file, and YAML makes 8 of it; write a decimal number",
      "catalog.iris.port: is 80_80 in the file, and YAML makes 8080 of it; write a decimal number",
    ]);
  });

  test("is not looked for in most files", () => {
    expect(
      mayHoldChanges(
        "config:\n  modelfleet:models: [iris, wine]\n  modelfleet:defaults:\n    image: a/b:1.10\n    replicas: 2\n    env: {A: true, B: 1.5}\n",
      ),
    ).toBe(false);
  });
});

test.each<[string, unknown]>([
  ["a: b\n", { a: "c" }],
  ["a: b\n", { a: "b", c: "d" }],
  ["a: b\nc: d\n", { a: "b" }],
  ["a: [b]\n", { a: ["b", "c"] }],
  ["a: {b: c}\n", { a: "b" }],
])("values of another file are not compared: %j and %j", (yaml, value) => {
  expect(changesBetween(texts(yaml), value)).toBeUndefined();
});
