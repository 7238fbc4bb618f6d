import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { CONTAINER_FIELDS } from "../../../../cli/import/container";
import type { Field } from "../../../../cli/import/fields";
import { PREDICTOR_FIELDS } from "../../../../cli/import/kserve";
import { PREDICTOR_MODEL } from "../../../../cli/import/kserve-model";
import { MODEL_FIELDS as KUBEAI } from "../../../../cli/import/kubeai";
import { POD_FIELDS } from "../../../../cli/import/pod";
import { MODEL_FIELDS as SELDON } from "../../../../cli/import/seldon";
import { ROOT } from "../../../../lib/paths";
import {
  custom,
  importOf,
  inferenceService,
  kubeaiModel,
  problemsOf,
  seldonModel,
  sklearn,
} from "./documents";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "modelfleet-import-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], input = "") =>
  execa(join(ROOT, "cli", "run.mjs"), ["import", ...args], { cwd: folder, input, reject: false });

describe("npx modelfleet import", () => {
  test("prints a settings file of all models, and what it does not carry over beside it", async () => {
    const input = [inferenceService({ ...sklearn(), batcher: {} }), seldonModel({})]
      .map((one) => stringify(one))
      .join("---\n");
    const { exitCode, stdout, stderr } = await run(["-"], input);
    expect(exitCode).toBe(0);
    const { config } = parse(stdout) as { config: Record<string, unknown> };
    expect(Object.keys(config)).toEqual(["modelfleet:models", "modelfleet:catalog"]);
    expect(config["modelfleet:models"]).toEqual(["iris", "wine"]);
    expect(stderr).toBe(
      "Changed, or not carried over:\n  spec.predictor.batcher: has no counterpart; batch in the server, as Triton, MLServer and vLLM do (iris)",
    );
  });

  test("writes a file per model with --write, and none if one is there already", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: fleet\n");
    writeFileSync(join(folder, "iris.yaml"), stringify(inferenceService(custom())));
    writeFileSync(join(folder, "wine.yaml"), stringify(seldonModel({})));
    const first = await run(["iris.yaml", "--write"]);
    expect(first.stderr).toBe("Every field is carried over.\nwrote catalog/iris.yaml");
    expect(parse(first.stdout)).toEqual({ config: { "modelfleet:models": ["iris"] } });
    const path = join(folder, "catalog", "iris.yaml");
    expect(parse(readFileSync(path, "utf8"))).toMatchObject({ image: "registry.example/own:1" });

    const second = await run(["iris.yaml", "wine.yaml", "--write"]);
    expect({ code: second.exitCode, stdout: second.stdout, stderr: second.stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "error: 1 problem in the files to write; nothing was changed:\n  catalog/iris.yaml: exists already; remove it first, or import to standard output without --write",
    });
    expect(existsSync(join(folder, "catalog", "wine.yaml"))).toBe(false);
  });

  test("says that a file does not exist, is a folder or is no settings file", async () => {
    const { exitCode, stdout, stderr } = await run(["nowhere.yaml", "."]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("  nowhere.yaml: does not exist\n  .: is a folder; name its files");
    writeFileSync(join(folder, "list.yaml"), "- a\n");
    expect((await run(["-", "--settings", "list.yaml"], "")).stderr).toBe(
      'error: list.yaml is no settings file of a stack: it has no map "config"',
    );
  });
});

describe("documents", () => {
  test("may be a list as kubectl prints it, and empty ones are none", () => {
    const list = { apiVersion: "v1", kind: "List", items: [inferenceService(custom()), seldonModel({})] };
    expect(importOf(["# nothing\n", list, "\n"]).ids).toEqual(["iris", "wine"]);
  });

  test("have all of their problems in one report, each with its document and path", () => {
    const graph = {
      apiVersion: "serving.kserve.io/v1alpha1",
      kind: "InferenceGraph",
      metadata: { name: "g" },
    };
    const documents = [
      "a: [\n",
      graph,
      { apiVersion: "apps/v1", kind: "Deployment" },
      { apiVersion: "serving.kserve.io/v1alpha2", kind: "InferenceService" },
      { kind: "Model" },
      inferenceService(custom({ image: "not an image" }), "Iris_V2"),
      inferenceService(custom(), "twice"),
      kubeaiModel({}, "twice"),
      inferenceService(custom({ image: "not an image" }), "good"),
      inferenceService([], "list"),
    ];
    expect(problemsOf(documents)).toEqual([
      expect.stringMatching(/^models\.yaml, document 1: is not YAML \(.*\)$/),
      'models.yaml, document 2: kind: "InferenceGraph" has no counterpart: a fleet has no graph of models; let a program ask the models in turn, and leave the document out',
      'models.yaml, document 3: kind: "Deployment" of apps/v1 is no model; leave the document out; known are InferenceService (serving.kserve.io/v1beta1), Model (kubeai.org/v1), Model (mlops.seldon.io/v1alpha1), ServingRuntime (serving.kserve.io/v1alpha1), ClusterServingRuntime (serving.kserve.io/v1alpha1)',
      'models.yaml, document 4: apiVersion: "serving.kserve.io/v1alpha2" is not serving.kserve.io/v1beta1; convert the document with the cluster: `kubectl get -o yaml`',
      "models.yaml, document 5: apiVersion: is missing",
      'models.yaml, document 6: metadata.name: "Iris_V2" is not a valid model ID (lower-case letters, digits and "-"; starts with a letter, does not end with "-"); did you mean "iris-v2"? With --fix-ids it becomes that',
      expect.stringMatching(
        /^models\.yaml, document 7: metadata\.name: "twice" is the name in .*models\.yaml, document 8 too; /,
      ),
      "models.yaml, document 10: spec.predictor: must be a map",
      expect.stringMatching(
        /^models\.yaml, document 9, spec\.predictor\.containers\[0\]\.image: catalog\.good\.image: "not an image" /,
      ),
    ]);
  });

  test("with a secret in plain text beside variables are a problem that does not show it", () => {
    const url = "https://ada:correct-horse@store.example/weights.bin";
    const lines = problemsOf([inferenceService(sklearn({ storageUri: url, args: ["--api-key=abcdef"] }))]);
    expect(lines).toEqual([
      expect.stringContaining("catalog.iris.storageUri: is not like https://<host>/<path>"),
      expect.stringContaining("catalog.iris.storageUri: has a password, which must not be in plain text"),
      expect.stringContaining('catalog.iris.args[0]: the name "--api-key" looks like a secret'),
    ]);
    expect(lines.join()).not.toMatch(/correct-horse|abcdef/);
  });

  test("without a model are a mistake", () => {
    expect(() => importOf(["# nothing\n"])).toThrow("the files have no model");
  });

  test("may not have the name of a model that is in the settings already", () => {
    const settings = { models: ["iris"], catalog: { iris: { image: "registry.example/a:1" } } };
    expect(problemsOf([inferenceService(custom())], { settings })).toEqual([
      'models.yaml, document 1: metadata.name: "iris" is in the catalog of --settings already; rename one of the two',
    ]);
  });
});

test("no field is twice in a table", () => {
  const tables: readonly (readonly Field[])[] = [
    [...PREDICTOR_FIELDS, ...POD_FIELDS],
    PREDICTOR_MODEL,
    CONTAINER_FIELDS,
    KUBEAI,
    SELDON,
  ];
  for (const table of tables) expect(new Set(table.map(({ field }) => field)).size).toBe(table.length);
});
