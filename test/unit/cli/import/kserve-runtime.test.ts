import { describe, expect, test } from "vitest";
import { entryOf, importOf, inferenceService, problemsOf, sklearn } from "./documents";

const runtime = (name: string, spec: object) => ({
  apiVersion: "serving.kserve.io/v1alpha1",
  kind: "ClusterServingRuntime",
  metadata: { name, annotations: { "serving.kserve.io/server-type": "own" } },
  spec: {
    supportedModelFormats: [{ name: "sklearn", version: "1", autoSelect: true, priority: 1 }],
    protocolVersions: ["v1", "v2"],
    containers: [
      {
        name: "kserve-container",
        image: "registry.example/server:1",
        args: ["--model_name={{.Name}}", "--http_port=8080"],
        resources: { limits: { memory: "4Gi" } },
      },
    ],
    annotations: { "prometheus.kserve.io/port": "8082", "prometheus.kserve.io/path": "/metrics" },
    ...spec,
  },
});

describe("a ServingRuntime", () => {
  test("is chosen by format, protocol and priority, and becomes a runtime of the fleet", () => {
    const documents = [
      runtime("second", {}),
      runtime("first", { supportedModelFormats: [{ name: "sklearn", autoSelect: true, priority: 2 }] }),
      runtime("other", { protocolVersions: ["grpc-v2"] }),
      runtime("off", { disabled: true }),
      runtime("old", {
        supportedModelFormats: [{ name: "sklearn", version: "0", autoSelect: true, priority: 9 }],
      }),
      inferenceService(
        sklearn({
          modelFormat: { name: "sklearn", version: "1.6" },
          protocolVersion: "v1",
          args: ["--nthread=2"],
        }),
      ),
    ];
    const { catalog, fleet, notes } = importOf(documents);
    const args = ["--model_name=$(MODEL_NAME)", "--http_port=8080"];
    expect(catalog).toEqual({
      iris: { runtime: "first", storageUri: "s3://models/iris", args: [...args, "--nthread=2"] },
    });
    expect(fleet).toEqual({
      runtimes: {
        first: {
          image: "registry.example/server:1",
          args,
          resources: { limits: { memory: "4Gi" } },
          metrics: { port: 8082, path: "/metrics" },
          readOnlyRootFilesystem: false,
        },
      },
    });
    expect(notes).toEqual([]);
  });

  test("that is built in here too needs no document", () => {
    const named = sklearn({ runtime: "kserve-tritonserver", modelFormat: { name: "onnx" } });
    expect(entryOf(inferenceService(named))).toMatchObject({ runtime: "triton" });
    expect(entryOf(inferenceService(named))).not.toHaveProperty("env");
  });

  test("that a model names and no document has is a problem with the way to get it", () => {
    const given = [inferenceService(sklearn({ runtime: "fist" })), runtime("first", {})];
    const at = "models.yaml, document 1: spec.predictor.model";
    expect(problemsOf(given)).toContain(
      `${at}.runtime: "fist" names a ServingRuntime that is in no document; did you mean "first"?`,
    );
    expect(problemsOf([inferenceService(sklearn({ modelFormat: { name: "pmml" } }))])).toContain(
      `${at}.modelFormat.name: "pmml" is a format that no built-in runtime serves with protocol v2; import it too: \`kubectl get servingruntimes,clusterservingruntimes -A -o yaml > runtimes.yaml\``,
    );
  });

  test("of the settings that the models join needs no document", () => {
    const settings = { runtimes: { own: { image: "registry.example/own:1", args: ["--a"] } } };
    const document = inferenceService(sklearn({ runtime: "own", args: ["--b"] }));
    expect(entryOf(document, { settings })).toMatchObject({ runtime: "own", args: ["--a", "--b"] });
  });

  test("has variables where KServe fills in labels and annotations, and each model has these", () => {
    const env = [{ name: "TS_SERVICE_ENVELOPE", value: "{{.Labels.serviceEnvelope}}" }];
    const args = ["--format={{.Annotations.modelFormat}}", "--team={{.Labels.team}}"];
    const containers = [{ name: "kserve-container", image: "registry.example/server:1", args, env }];
    const labels = { team: "garden" };
    const documents = [runtime("own", { containers }), inferenceService(sklearn(), "iris", { labels })];
    const { catalog, fleet } = importOf(documents);
    expect(fleet["runtimes"]).toMatchObject({
      own: {
        args: ["--format=$(KSERVE_MODEL_FORMAT)", "--team=$(KSERVE_TEAM)"],
        env: { TS_SERVICE_ENVELOPE: "$(KSERVE_SERVICE_ENVELOPE)" },
      },
    });
    expect(catalog["iris"]).toEqual({
      labels,
      runtime: "own",
      storageUri: "s3://models/iris",
      env: { KSERVE_MODEL_FORMAT: "sklearn", KSERVE_TEAM: "garden", KSERVE_SERVICE_ENVELOPE: "kservev2" },
    });
    expect(problemsOf([runtime("own", { containers }), inferenceService(sklearn())])).toEqual([
      'models.yaml, document 2: spec.predictor.model.modelFormat.name: "own" is a runtime that needs metadata.labels.team, which the document does not have; add it',
    ]);
  });

  test("with a placeholder that only KServe can fill is a problem", () => {
    const args = ["--kind={{ if .Name }}a{{ end }}"];
    const containers = [{ name: "kserve-container", image: "registry.example/server:1", args }];
    expect(problemsOf([runtime("own", { containers }), inferenceService(sklearn())])).toEqual([
      "models.yaml, document 1: spec.containers[0].args[0]: has a placeholder that only KServe can fill; replace it in the document",
    ]);
  });
});
