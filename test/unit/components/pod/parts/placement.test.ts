import { expect, test } from "vitest";
import { devices, placement } from "../../../../../components/pod/parts/placement";
import { modelOf } from "../../../../support/settings";

const ARGS = { name: "iris", stack: "dev" };
const podOf = (settings: Record<string, unknown>) => placement(modelOf(settings), ARGS).pod;
const OWN = {
  "app.kubernetes.io/name": "iris",
  "app.kubernetes.io/instance": "dev",
  "modelfleet.dev/variant": "default",
};

test("pods without settings spread over nodes, and nothing else is said of their place", () => {
  expect(podOf({})).toEqual({
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: OWN },
        matchLabelKeys: ["pod-template-hash"],
      },
    ],
  });
});

test("what the settings say of a pod's place is passed on as it is", () => {
  const settings = {
    nodeSelector: { zone: "a" },
    affinity: {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone" }] },
    },
    tolerations: [{ key: "gpu", operator: "Exists" }],
    priorityClassName: "high",
    runtimeClassName: "nvidia",
  };
  expect(podOf(settings)).toMatchObject(settings);
});

test("a spread constraint without a selector counts the model's own pods, and one with a selector those", () => {
  const [one, other] = ["zone", "rack"].map((topologyKey) => ({
    ...{ maxSkew: 2, topologyKey, whenUnsatisfiable: "DoNotSchedule" },
  }));
  const labelSelector = { matchLabels: { team: "a" } };
  expect(podOf({ topologySpreadConstraints: [one, { ...other, labelSelector }] })).toEqual({
    topologySpreadConstraints: [
      { ...one, labelSelector: { matchLabels: OWN }, matchLabelKeys: ["pod-template-hash"] },
      { ...other, labelSelector },
    ],
  });
});

test("a claim of devices is the pod's, and its request the container's", () => {
  const resourceClaims = [{ name: "gpu", resourceClaimTemplateName: "large", request: "one" }];
  expect(devices(modelOf({ resourceClaims }), ARGS)).toEqual({
    pod: { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "large" }] },
    container: { resources: { claims: [{ name: "gpu", request: "one" }] } },
  });
});
