import { describe, expect, test } from "vitest";
import { entryOf, importOf, inferenceService, READY, sklearn } from "./documents";

describe("the pods of an InferenceService", () => {
  const scaled = (predictor: object, given = {}) =>
    entryOf(inferenceService({ ...sklearn(), ...predictor }), given);

  test("are a fixed number without a higher limit", () => {
    expect(scaled({ minReplicas: 3 })).toMatchObject({ replicas: 3 });
    expect(scaled({ minReplicas: 2, maxReplicas: 2 })).toMatchObject({ replicas: 2 });
  });

  test("that are a fixed number have a target without effect, which is said", () => {
    const { notes } = importOf([
      inferenceService({ ...sklearn(), minReplicas: 2, maxReplicas: 2, scaleTarget: 5 }),
    ]);
    expect(notes).toEqual([
      "spec.predictor.scaleTarget: is left out, since the number of pods is fixed (iris)",
    ]);
  });

  test("are scaled by the same metric and target", () => {
    const range = { minReplicas: 2, maxReplicas: 6, scaleMetric: "memory", scaleTarget: 70 };
    expect(scaled(range)).toMatchObject(range);
    expect(scaled({ maxReplicas: 3 })).toMatchObject({ minReplicas: 1, maxReplicas: 3, scaleMetric: "cpu" });
  });

  test("are scaled by requests where the stack has Prometheus, and otherwise as many as at least", () => {
    const range = { minReplicas: 1, maxReplicas: 6, scaleMetric: "concurrency", scaleTarget: 5 };
    expect(scaled(range, { settings: READY })).toMatchObject(range);
    const { catalog, notes } = importOf([inferenceService({ ...sklearn(), ...range })]);
    expect(catalog["iris"]).not.toHaveProperty("maxReplicas");
    expect(notes).toEqual([
      "spec.predictor.minReplicas: scaling by concurrency needs Prometheus, so replicas is 1; with --settings, a file that sets scaling.prometheusUrl, it is carried over (iris)",
    ]);
  });

  test("do not go to zero by cpu, from which no pod would come back", () => {
    const { catalog, notes } = importOf([inferenceService({ ...sklearn(), minReplicas: 0, maxReplicas: 2 })]);
    expect(catalog["iris"]).toMatchObject({ minReplicas: 1, maxReplicas: 2 });
    expect(notes).toEqual([
      "spec.predictor.minReplicas: is 0, and by cpu no pod would ever start again, so minReplicas is 1; for zero, set scaleMetric to a metric in scaling.metrics that is there without pods (iris)",
    ]);
  });

  test("go to zero by a metric that is there without pods", () => {
    const scaling = { ...READY.scaling, metrics: { concurrency: "sum(open_requests)" } };
    const predictor = { minReplicas: 0, maxReplicas: 2, scaleMetric: "concurrency" };
    expect(scaled(predictor, { settings: { ...READY, scaling } })).toMatchObject({
      ...{ minReplicas: 0, maxReplicas: 2, scaleMetric: "concurrency", scaleTarget: 100 },
    });
  });

  test("have no target if that is an amount, and no number beside a range", () => {
    const settings = { defaults: { replicas: 2 } };
    const predictor = {
      maxReplicas: 2,
      scaleMetric: "memory",
      scaleMetricType: "AverageValue",
      scaleTarget: 512,
    };
    const entry = scaled(predictor, { settings });
    expect(entry).toMatchObject({ replicas: null, minReplicas: 1, maxReplicas: 2, scaleMetric: "memory" });
    expect(entry).not.toHaveProperty("scaleTarget");
  });

  test("are scaled by Knative's annotations too", () => {
    const annotations = {
      "autoscaling.knative.dev/target": "8",
      "autoscaling.knative.dev/metric": "rps",
      "autoscaling.knative.dev/max-scale": "4",
    };
    expect(entryOf(inferenceService(sklearn(), "iris", { annotations }), { settings: READY })).toMatchObject({
      ...{ minReplicas: 1, maxReplicas: 4, scaleMetric: "rps", scaleTarget: 8 },
    });
  });

  test("are scaled by a query, which gets the model's ID as its name", () => {
    const external = {
      metric: {
        backend: "prometheus",
        serverAddress: "http://prometheus:9090",
        query: "sum(vllm:num_requests_waiting)",
      },
      target: { type: "Value", value: "4" },
    };
    const behavior = { scaleDown: { stabilizationWindowSeconds: 600 } };
    const autoScaling = { metrics: [{ type: "External", external }], behavior };
    const { catalog, fleet } = importOf([inferenceService({ ...sklearn(), maxReplicas: 3, autoScaling })]);
    expect(catalog["iris"]).toMatchObject({
      scaleMetric: "iris",
      scaleTarget: 4,
      scaleDownDelaySeconds: 600,
    });
    expect(fleet).toEqual({
      scaling: {
        prometheusUrl: "http://prometheus:9090",
        metrics: { iris: "sum(vllm:num_requests_waiting)" },
      },
    });
  });

  test("are scaled by the Prometheus that the fleet asks, whatever the document says", () => {
    const metric = { backend: "prometheus", serverAddress: "http://other:9090", query: "sum(waiting)" };
    const external = { metric, target: { type: "Value", value: 4 }, authenticationRef: { name: "a" } };
    const autoScaling = { metrics: [{ type: "External", external }] };
    const document = inferenceService({ ...sklearn(), maxReplicas: 3, autoScaling });
    const { fleet, notes } = importOf([document], { settings: READY });
    expect(fleet).toEqual({ scaling: { metrics: { iris: "sum(waiting)" } } });
    const at = "spec.predictor.autoScaling.metrics[0].external";
    expect(notes).toEqual([
      `${at}.authenticationRef: has no counterpart; Prometheus is asked without credentials (iris)`,
      `${at}.metric.serverAddress: is not carried over; the fleet asks http://prometheus.monitoring:9090 (iris)`,
    ]);
  });
});
