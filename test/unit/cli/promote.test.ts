import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkVariant, setChampion } from "../../../cli/promote";
import { SettingsFile } from "../../../cli/settings-file";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "modelfleet-promote-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function settings(text: string): SettingsFile {
  const path = join(folder, "Pulumi.dev.yaml");
  writeFileSync(path, text);
  return SettingsFile.read(path);
}

const IRIS = `config:
  modelfleet:catalog:
    wine: {}
    iris:
      champion: default # since May
      variants:
        default:
        candidate: { image: a/b:2 }
`;

test("a promotion is one line of the settings", () => {
  const file = settings(IRIS);
  expect(setChampion(file, "iris", "candidate")).toEqual(["catalog.iris.champion: default -> candidate"]);
  expect(file.text()).toBe(IRIS.replace("champion: default", "champion: candidate"));
  expect(setChampion(file, "iris", "candidate")).toEqual([]);
});

test.each([
  ["iris", "candidat", '"iris" has no variant "candidat"; did you mean "candidate"?'],
  ["iris", "x", '"iris" has no variant "x"; it has default, candidate'],
  ["wine", "x", '"wine" has no variants; set catalog.wine.variants, as in docs/variants.md'],
])("there is no %s/%s to promote", (id, variant, message) => {
  expect(() => checkVariant(settings(IRIS), id, variant)).toThrow(message);
  expect(() => checkVariant(settings(IRIS), "iris", "candidate")).not.toThrow();
});
