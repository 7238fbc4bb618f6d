import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inItsFile, readCatalogFiles, withCatalogFiles } from "../../../config/catalog-files";
import { resolveFleet } from "../../../config/resolve";
import { config, withImage } from "../../support/settings";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "modelfleet-catalog-"));
  mkdirSync(join(root, "catalog"));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(root, "catalog", name), text);

/** The lines of the report on settings with the files. */
async function problems(own: Record<string, unknown> = {}): Promise<string[]> {
  const files = await readCatalogFiles(root, undefined);
  const { raw, problems: twice } = withCatalogFiles(config(withImage(own)), files);
  try {
    resolveFleet(raw, undefined, [...files.problems, ...twice], files.paths);
    return [];
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

test("a file is the entry of its model, beside those of the stack's file", async () => {
  write(
    "iris.yaml",
    "# yaml-language-server: $schema=../config/catalog.schema.json\nreplicas: 2\nenv: {A: b}\n",
  );
  write("wine.yaml", "");
  const files = await readCatalogFiles(root, undefined);
  expect(files.problems).toEqual([]);
  const own = config(withImage({ models: "iris,wine", catalog: { wine: null, other: { port: 1 } } }));
  const { models } = resolveFleet(withCatalogFiles(own, files).raw);
  expect(models.map(({ id, replicas, env }) => [id, replicas, env])).toEqual([
    ["iris", 2, { A: "b" }],
    ["wine", 1, {}],
  ]);
});

test("problems have the file's name for their path", async () => {
  write("iris.yaml", "prot: 1\nenv: {A: 0755, API_KEY: x}\nargs: [[]]\n");
  expect(await problems()).toEqual([
    'catalog/iris.yaml: env.A: is 0755 in the file, and YAML makes 755 of it; put it in quotes: "0755"',
    expect.stringMatching(/^catalog\/iris\.yaml: args\[0\]: /),
    'catalog/iris.yaml: prot: unknown key; did you mean "port"?',
    expect.stringMatching(/^catalog\/iris\.yaml: env\.API_KEY: the name "API_KEY" looks like a secret/),
  ]);
});

test("a file that is no entry is a problem with its reason", async () => {
  write("a.yaml", "env: {A: b\n");
  write("b.yaml", "- a\n");
  write("c.yml", "port: 1\n");
  write("Iris.yaml", "port: 1\n");
  write(".hidden.yaml", "-");
  write("README.md", "-");
  expect(await problems()).toEqual([
    expect.stringContaining('catalog/Iris.yaml: the name "Iris" is not a valid model ID'),
    expect.stringMatching(/^catalog\/a\.yaml: is not YAML \(.*line \d+/),
    "catalog/b.yaml: must be a map of the model's settings",
    'catalog/c.yml: must end in ".yaml"; rename it to c.yaml',
  ]);
});

test("a model has one entry only", async () => {
  write("iris.yaml", "port: 1\n");
  expect(await problems({ catalog: { iris: { port: 2 } } })).toEqual([
    "catalog.iris: is in catalog/iris.yaml too; keep one of the two",
  ]);
});

test("catalogPath names another folder, which must be there", async () => {
  expect((await readCatalogFiles(root, "models/settings")).problems).toEqual([
    'catalogPath: "models/settings" is no folder beside Pulumi.yaml; create it, or remove the setting',
  ]);
  rmSync(join(root, "catalog"), { recursive: true });
  expect((await readCatalogFiles(root, undefined)).problems).toEqual([]);
});

test("a problem of another model keeps its path", () => {
  const paths = new Map([["iris", "catalog/iris.yaml"]]);
  expect(inItsFile("catalog.iris-2.port: x", paths)).toBe("catalog.iris-2.port: x");
  expect(inItsFile("catalog.iris: must be a map", paths)).toBe("catalog/iris.yaml: must be a map");
});
