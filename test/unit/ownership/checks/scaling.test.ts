import { expect, test } from "vitest";
import { applyAnnotations, AUTOSCALED, ownerLabels } from "../../../../fleet/owner";
import { fallingReplicas, missingMetrics, scaleToZero } from "../../../../ownership/checks/scaling";
import type { Existing } from "../../../../ownership/snapshot";
import { fleetOf, modelOf } from "../../../support/settings";

/** The Deployment of the model `iris`, which an autoscaler scaled at the last update. */
const IRIS: Existing = {
  ...{ kind: "deployment", object: "deployment/iris" },
  metadata: {
    name: "iris",
    labels: ownerLabels("dev"),
    annotations: { ...applyAnnotations("dev"), [AUTOSCALED]: "horizontalpodautoscaler 2-20" },
  },
};
const falling = (settings: Record<string, unknown>, now: number) =>
  fallingReplicas(
    { models: [modelOf(settings)], stack: "dev" },
    { objects: new Map([["deployment", [IRIS]]]), pods: new Map([["iris", now]]) },
  );

test("the default of replicas must not end pods that an autoscaler runs", () => {
  expect(falling({}, 10)).toEqual([
    {
      level: "error",
      text: 'model "iris": has 10 pods by its autoscaler, which the settings lack now, and would have 1, the default of replicas; set replicas, such as to 10, to say how many stay',
    },
  ]);
  expect(falling({}, 1)).toEqual([]);
  expect(falling({ maxReplicas: 20 }, 10)).toEqual([]);
});

const jobs = { scaling: { metrics: { jobs: { external: "length" } } } };

test("no pods need a cluster whose autoscaler can, or KEDA", () => {
  const iris = { minReplicas: 0, maxReplicas: 3, scaleMetric: "jobs", scaleTarget: 2 };
  const { models } = fleetOf({ ...jobs, catalog: { iris } });
  expect(scaleToZero({ models }, { version: { major: 1, minor: 36 } })).toEqual([
    {
      level: "error",
      text: 'model "iris": minReplicas is 0, which an autoscaler of Kubernetes can from 1.37 on, and the cluster has 1.36; set it to 1, or let KEDA scale by a PromQL query in scaling.metrics',
    },
  ]);
  expect(scaleToZero({ models }, { version: { major: 1, minor: 37 } })).toEqual([]);
  expect(scaleToZero({ models }, { version: undefined })).toEqual([]);
});

test("a cluster without a metrics server is a warning for models that it is to measure", () => {
  const models = [modelOf({ maxReplicas: 3 })];
  expect(missingMetrics({ models }, { hasMetrics: false })).toEqual([
    {
      level: "warning",
      text: "scaleMetric: the cluster has no metrics server, which measures cpu and memory, so iris will not scale; install one (https://github.com/kubernetes-sigs/metrics-server)",
    },
  ]);
  expect(missingMetrics({ models }, { hasMetrics: undefined })).toEqual([]);
  expect(missingMetrics({ models: [modelOf({})] }, { hasMetrics: false })).toEqual([]);
});
