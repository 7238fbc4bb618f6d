import { describe, expect, test } from "vitest";
import { announceFleet, createFleet } from "../../../../components/fleet";
import { manifests, registered } from "../../../../dev/registered";
import { fleetOf } from "../../../support/settings";

/** The objects of the model `iris` with these settings besides those of a model without any. */
async function companions(settings: Record<string, unknown>, more: object = {}) {
  const made = async (own: object) => {
    const fleet = fleetOf({ ...more, catalog: { iris: own } });
    const names = announceFleet(fleet).map(({ object }) => object);
    const resources = await registered(() => {
      createFleet({ ...fleet, stack: "dev" }, { managesNamespace: false });
    });
    return { names, objects: manifests(resources) };
  };
  const [plain, other] = [await made({}), await made(settings)];
  return {
    announced: other.names.filter((name) => !plain.names.includes(name)),
    objects: other.objects.filter(({ kind }) => !plain.objects.some((one) => one.kind === kind)),
  };
}

test("a model gets a ServiceAccount of its own, which mounts no token", async () => {
  const annotations = { "example.com/role": "reader" };
  const { announced, objects } = await companions({ serviceAccount: { annotations } });
  expect(announced).toEqual(["serviceaccount/iris"]);
  expect(objects).toMatchObject([
    {
      kind: "ServiceAccount",
      metadata: { name: "iris", namespace: "models", annotations },
      automountServiceAccountToken: false,
    },
  ]);
});

describe("an autoscaled model", () => {
  const scaling = {
    prometheusUrl: "http://prometheus:9090",
    metrics: { jobs: { external: "length", selector: { queue: "iris" } }, sent: "sum(sent{model='{id}'})" },
  };
  const SCALED = { minReplicas: 2, maxReplicas: 5, scaleDownDelaySeconds: 60, disruptionBudget: false };
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "iris" };
  const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };

  test("has an autoscaler of Kubernetes for the CPU of its container", async () => {
    const { announced, objects } = await companions({ ...SCALED, scaleTarget: 70 });
    expect(announced).toEqual(["horizontalpodautoscaler/iris"]);
    const target = { type: "Utilization", averageUtilization: 70 };
    const containerResource = { container: "model", name: "cpu", target };
    expect(objects[0]?.["spec"]).toEqual({
      ...{ scaleTargetRef, minReplicas: 2, maxReplicas: 5, behavior },
      metrics: [{ type: "ContainerResource", containerResource }],
    });
  });

  test("has one for an external metric", async () => {
    const { objects } = await companions({ ...SCALED, scaleMetric: "jobs", scaleTarget: 3 }, { scaling });
    const metric = { name: "length", selector: { matchLabels: { queue: "iris" } } };
    expect(objects[0]?.["spec"]).toMatchObject({
      metrics: [
        { type: "External", external: { metric, target: { type: "AverageValue", averageValue: "3" } } },
      ],
    });
  });

  test("has a ScaledObject for what Prometheus measures", async () => {
    const { announced, objects } = await companions(
      { ...SCALED, scaleMetric: "sent", scaleTarget: 3 },
      { scaling },
    );
    expect(announced).toEqual(["scaledobject/iris"]);
    expect(objects[0]?.["spec"]).toEqual({
      ...{ scaleTargetRef, minReplicaCount: 2, maxReplicaCount: 5, cooldownPeriod: 60 },
      advanced: { horizontalPodAutoscalerConfig: { behavior } },
      triggers: [
        {
          ...{ type: "prometheus", metricType: "AverageValue" },
          metadata: {
            serverAddress: "http://prometheus:9090",
            query: "sum(sent{model='iris'})",
            threshold: "3",
          },
        },
      ],
    });
  });

  test("has a Deployment that says nothing of the number of its pods, and who decides it", async () => {
    const { models } = fleetOf({ catalog: { iris: SCALED } });
    const resources = await registered(() => {
      createFleet({ ...fleetOf({ catalog: { iris: SCALED } }), stack: "dev" }, { managesNamespace: false });
    });
    const deployment = manifests(resources).find(({ kind }) => kind === "Deployment");
    expect(models[0]?.replicas).toBeUndefined();
    expect(deployment?.["spec"]).not.toHaveProperty("replicas");
    expect(deployment?.metadata.annotations).toMatchObject({
      "modelfleet.dev/autoscaled": "horizontalpodautoscaler 2-5",
    });
  });
});

test("each variant has its own companions", async () => {
  const variants = { default: {}, b: {} };
  const { announced } = await companions({ serviceAccount: {}, champion: "default", variants });
  expect(announced).toContain("serviceaccount/iris-b");
});
