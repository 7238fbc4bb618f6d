import { expect, test } from "vitest";
import { countObjects, problemOf, type StateObject } from "../../../../dev/bench/cluster-state";

const deployment = (readyReplicas: number, observedGeneration = 2): StateObject => ({
  kind: "Deployment",
  metadata: { generation: 2 },
  spec: { replicas: 1 },
  status: { readyReplicas, observedGeneration },
});

test("a Deployment counts when all replicas of its newest generation are ready", () => {
  const objects = [deployment(1), deployment(0), deployment(1, 1)];
  expect(countObjects(objects).readyDeployments).toBe(1);
});

test("Services and Secrets are counted, and the paths of every rule", () => {
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

test("a fleet is whole with a Secret more than it has models: the pull Secret", () => {
  expect(problemOf({ readyDeployments: 3, services: 3, secrets: 4, routes: 3 }, 3)).toBeUndefined();
});

test("whatever is missing is said, with counts", () => {
  expect(problemOf({ readyDeployments: 2, services: 3, secrets: 4, routes: 0 }, 3)).toBe(
    "2 readyDeployments instead of 3, 0 routes instead of 3",
  );
});
