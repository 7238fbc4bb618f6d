import { describe, expect, test } from "vitest";
import { entryOf, importOf, inferenceService, problemsOf, READY, sklearn } from "./documents";

const RESOURCES = { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "1", memory: "2Gi" } };
const MLSERVER = {
  runtime: "mlserver",
  storageUri: "s3://models/iris",
  env: { MLSERVER_MODEL_IMPLEMENTATION: "mlserver_sklearn.SKLearnModel" },
};

describe("a canary", () => {
  const canary = {
    ...inferenceService({ ...sklearn(), name: "stable" }),
    spec: {
      predictor: { ...sklearn(), name: "stable" },
      canary: [
        { predictor: { ...sklearn({ storageUri: "s3://models/iris-2" }), name: "next" }, trafficPercent: 20 },
      ],
    },
  };

  test("becomes a variant with its share", () => {
    expect(entryOf(canary, { settings: READY })).toEqual({
      champion: "stable",
      variants: {
        stable: { ...MLSERVER, resources: RESOURCES },
        next: { ...MLSERVER, storageUri: "s3://models/iris-2", resources: RESOURCES, trafficPercent: 20 },
      },
    });
  });

  test("gets no requests behind an Ingress, which is said", () => {
    const { catalog, notes } = importOf([canary]);
    expect(catalog["iris"]).not.toHaveProperty("variants.next.trafficPercent");
    expect(notes).toEqual([
      "spec.canary[0].trafficPercent: is 20, and is not carried over, since an Ingress cannot split requests: the variant gets none; with --settings, a file that sets routing.flavour to gateway, it is (iris)",
    ]);
  });

  test("of a revision is joined with the document of the former one", () => {
    const next = inferenceService({
      ...sklearn({ storageUri: "s3://models/iris-2" }),
      canaryTrafficPercent: 10,
    });
    expect(Object.values(importOf([inferenceService(sklearn()), next], { settings: READY }).catalog)).toEqual(
      [
        {
          champion: "default",
          variants: {
            default: { ...MLSERVER, resources: RESOURCES },
            canary: {
              ...MLSERVER,
              storageUri: "s3://models/iris-2",
              resources: RESOURCES,
              trafficPercent: 10,
            },
          },
        },
      ],
    );
    expect(problemsOf([next])).toEqual([
      "models.yaml, document 1: spec.predictor.canaryTrafficPercent: 10 leaves the rest to the former revision, which the document does not have; import the document of the former revision too, or remove the field",
    ]);
  });
});
