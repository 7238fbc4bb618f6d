import { expect, test } from "vitest";
import { countObjects, type StateObject, whyIncomplete } from "../../../../dev/bench/cluster-state";

test("a Deployment counts when it is available", () => {
  const deployment = (availableReplicas: number): StateObject => ({
    kind: "Deployment",
    metadata: { generation: 2 },
    spec: { replicas: 1 },
    status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas },
  });
  expect(countObjects([deployment(1), deployment(0)]).readyDeployments).toBe(1);
});

test("neither Helm's releases nor the owner of a versioned Secret count as Secrets of the fleet", () => {
  const secret = (annotations: Readonly<Record<string, string>>, type: string): StateObject => ({
    ...{ kind: "Secret", type, metadata: { annotations } },
  });
  const owner = secret({ "modelfleet.dev/version-of": "iris-env" }, "Opaque");
  expect(countObjects([secret({}, "Opaque"), secret({}, "helm.sh/release.v1"), owner]).secrets).toBe(1);
});

test("Services, Secrets and the paths of every Ingress rule are counted", () => {
  const other = (kind: string): StateObject => ({ kind, metadata: {} });
  const rules = [{ http: { paths: [{}, {}] } }, {}, { http: { paths: [{}] } }];
  const ingress: StateObject = { ...other("Ingress"), spec: { rules } };
  expect(countObjects([other("Service"), other("Secret"), other("Secret"), ingress])).toEqual({
    readyDeployments: 0,
    services: 1,
    secrets: 2,
    routes: 3,
  });
});

test("a fleet is complete with one Secret per model and the pull Secret", () => {
  expect(whyIncomplete({ readyDeployments: 3, services: 3, secrets: 4, routes: 3 }, 3)).toBeUndefined();
});

test("an incomplete fleet is reported with the counts of what is missing", () => {
  expect(whyIncomplete({ readyDeployments: 2, services: 3, secrets: 4, routes: 0 }, 3)).toBe(
    "2 readyDeployments instead of 3, 0 routes instead of 3",
  );
});
