import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  activeModels,
  addModels,
  checkIds,
  checkListed,
  removeLeftovers,
  removeModels,
  setModelSetting,
} from "../../../cli/edits";
import { SettingsFile } from "../../../cli/settings-file";
import { UsageError } from "../../../lib/user-error";

/** A settings file with this text under `config`. */
function fileWith(config: string): SettingsFile {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-edits-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "Pulumi.dev.yaml");
  writeFileSync(path, `config:\n${config.replaceAll(/^/gm, "  ")}\n`);
  return SettingsFile.read(path);
}

/** The text after an edit, without `config:`. */
function after(file: SettingsFile): string {
  return file.text().replace("config:\n", "").replaceAll(/^ {2}/gm, "").trimEnd();
}

describe("models are added", () => {
  test.each([
    ["to a sorted text, in its order", "modelfleet:models: churn,wine", "modelfleet:models: churn,iris,wine"],
    [
      "to an unsorted text, at its end",
      "modelfleet:models: wine,churn",
      "modelfleet:models: wine,churn,iris",
    ],
    ["to an empty text", 'modelfleet:models: ""', "modelfleet:models: iris"],
    ["where there is no list", "modelfleet:namespace: a", "modelfleet:namespace: a\nmodelfleet:models: iris"],
    [
      "to a sorted list, and every comment stays",
      "modelfleet:models:\n  # the first\n  - churn # of garden\n  # the second\n  - wine",
      "modelfleet:models:\n  # the first\n  - churn # of garden\n  - iris\n  # the second\n  - wine",
    ],
    ["to an empty list", "modelfleet:models: []", "modelfleet:models: [ iris ]"],
  ])("%s", (_where, before, expected) => {
    const file = fileWith(before);
    expect(addModels(file, ["iris", "iris"])).toEqual(["models: added iris"]);
    expect(after(file)).toBe(expected);
    expect(addModels(file, ["iris"])).toEqual([]);
  });
});

describe("models are removed", () => {
  test.each([
    ["from a text", "modelfleet:models: churn,iris,wine", "modelfleet:models: churn,wine"],
    [
      "from a list",
      "modelfleet:models:\n  - churn # of garden\n  - iris\n  - wine",
      "modelfleet:models:\n  - churn # of garden\n  - wine",
    ],
    ["as the last of a text", "modelfleet:models: iris", "modelfleet:models: []"],
    ["as the last of a list", "modelfleet:models:\n  - iris", "modelfleet:models: []"],
  ])("%s", (_where, before, expected) => {
    const file = fileWith(before);
    expect(removeModels(file, ["iris", "other"])).toEqual(["models: removed iris"]);
    expect(after(file)).toBe(expected);
    expect(activeModels(file)).not.toContain("iris");
  });
});

describe("a setting of a model", () => {
  test.each([
    ["replicas=2", "replicas: 2"],
    ["env.VERSION=1.10", 'env:\n      VERSION: "1.10"'],
    ["env.MODE=a=b", "env:\n      MODE: a=b"],
    ["env.SWITCH=true", "env:\n      SWITCH: true"],
    ['args=["--fast"]', "args:\n      - --fast"],
    ["image=a/b:1", "image: a/b:1"],
  ])("%s", (assignment, yaml) => {
    const file = fileWith("modelfleet:models: iris");
    expect(setModelSetting(file, "iris", assignment)).toHaveLength(1);
    expect(after(file)).toBe(`modelfleet:models: iris\nmodelfleet:catalog:\n  iris:\n    ${yaml}`);
    expect(setModelSetting(file, "iris", assignment)).toEqual([]);
  });

  test("needs a key and a value", () => {
    expect(() => setModelSetting(fileWith("a: b"), "iris", "replicas")).toThrow(
      new UsageError('"replicas" is not key=value, such as replicas=2 or env.MODE=fast'),
    );
  });
});

describe("what a removed model leaves", () => {
  const SETTINGS = [
    "modelfleet:models: wine",
    "modelfleet:catalog:\n  iris:\n    replicas: 2",
    "modelfleet:secrets:\n  iris:\n    API_KEY:\n      secure: v1:x",
  ];
  test("is its catalog entry, and its secrets with it", () => {
    const file = fileWith(SETTINGS.join("\n"));
    expect(removeLeftovers(file, "iris", { purge: false, hasFile: false })).toEqual([
      "catalog.iris: stays, for its return (--purge removes it)",
      "secrets.iris: stays with it (API_KEY)",
    ]);
    expect(after(file)).toBe(SETTINGS.join("\n"));
  });

  test("is nothing with --purge", () => {
    const file = fileWith(SETTINGS.join("\n"));
    expect(removeLeftovers(file, "iris", { purge: true, hasFile: false })).toEqual([
      "catalog.iris: removed",
      "secrets.iris: removed (API_KEY)",
    ]);
    expect(after(file)).toBe("modelfleet:models: wine");
  });

  test("is no secret of a model without an entry, which would be an error", () => {
    const file = fileWith([SETTINGS[0], SETTINGS[2]].join("\n"));
    expect(removeLeftovers(file, "iris", { purge: false, hasFile: false })).toEqual([
      "secrets.iris: removed (API_KEY)",
    ]);
    expect(after(file)).toBe("modelfleet:models: wine");
  });

  test("is no secret of its variants either", () => {
    const variant = '  "iris/b":\n    KEY:\n      secure: v1:b';
    const file = fileWith([...SETTINGS, variant].join("\n"));
    expect(removeLeftovers(file, "iris", { purge: true, hasFile: false })).toEqual([
      "catalog.iris: removed",
      "secrets.iris: removed (API_KEY)",
      'secrets["iris/b"]: removed (KEY)',
    ]);
    expect(after(file)).toBe("modelfleet:models: wine");
  });

  test("are its secrets if its entry is a file of its own", () => {
    const file = fileWith([SETTINGS[0], SETTINGS[2]].join("\n"));
    expect(removeLeftovers(file, "iris", { purge: false, hasFile: true })).toEqual([
      "secrets.iris: stays with it (API_KEY)",
    ]);
  });
});

test("an ID that is wrong, or not in the list, names the nearest one", () => {
  expect(() => checkIds(["iris", "Churn_2"])).toThrow(
    /^"Churn_2" is not a valid model ID.*; did you mean "churn-2"\?$/,
  );
  const file = fileWith("modelfleet:models: iris,wine");
  expect(() => checkListed(file, ["wines"])).toThrow(
    new UsageError('"wines" is not in the list of active models; did you mean "wine"?'),
  );
  expect(() => checkListed(file, ["fraud"])).toThrow(
    new UsageError('"fraud" is not in the list of active models; the list has iris, wine'),
  );
});
