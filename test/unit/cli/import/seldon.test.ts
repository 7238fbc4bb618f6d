import { describe, expect, test } from "vitest";
import { entryOf, importOf, problemsOf, seldonModel } from "./documents";

describe("a Model of Seldon Core 2", () => {
  test("becomes a runtime that has what it requires, and an artefact", () => {
    expect(entryOf(seldonModel({}))).toEqual({
      runtime: "mlserver",
      storageUri: "gs://models/wine",
      env: { MLSERVER_MODEL_IMPLEMENTATION: "mlserver_sklearn.SKLearnModel" },
    });
    expect(entryOf(seldonModel({ requirements: ["triton", "python"] }))).toEqual({
      runtime: "triton",
      storageUri: "gs://models/wine",
      modelPath: "/mnt/models/wine",
      env: { MODEL_PATH: "/mnt/models" },
    });
  });

  test("may name its server, and a version of its artefact", () => {
    const spec = {
      requirements: undefined,
      server: "mlserver-134",
      artifactVersion: 3,
      storageUri: "gs://models/wine/",
    };
    expect(entryOf(seldonModel(spec))).toEqual({ runtime: "mlserver", storageUri: "gs://models/wine/3" });
    const settings = { runtimes: { own: { image: "registry.example/own:1" } } };
    expect(entryOf(seldonModel({ requirements: undefined, server: "own" }), { settings })).toMatchObject({
      runtime: "own",
    });
  });

  test("has a number of pods, or a range by cpu", () => {
    expect(entryOf(seldonModel({ replicas: 2 }))).toMatchObject({ replicas: 2 });
    expect(entryOf(seldonModel({ replicas: 2, minReplicas: 1, maxReplicas: 4 }))).toMatchObject({
      ...{ minReplicas: 1, maxReplicas: 4, scaleMetric: "cpu" },
    });
    expect(entryOf(seldonModel({ replicas: 0 }))).toMatchObject({ replicas: 0 });
  });

  test("has fields without a counterpart, and each is named", () => {
    const spec = {
      memory: "100Ki",
      secretName: "minio",
      parameters: [{ name: "a", value: "b" }],
      logger: { percent: 100 },
      preloaded: true,
      dedicated: true,
    };
    const { notes } = importOf([seldonModel(spec)]);
    expect(notes.map((line) => line.split(": ")[0])).toEqual([
      ...["spec.memory", "spec.secretName", "spec.preloaded", "spec.logger", "spec.parameters"],
    ]);
  });

  test("that no built-in server can serve is a problem", () => {
    expect(problemsOf([seldonModel({ requirements: ["extra"] })])[0]).toBe(
      'models.yaml, document 1: spec.requirements: ["extra"] matches no built-in server; name requirements of mlserver or triton, or a server under runtimes in the file of --settings',
    );
  });
});
