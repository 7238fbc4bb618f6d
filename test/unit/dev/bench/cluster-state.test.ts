import { expect, test } from "vitest";
import { countObjects, type StateObject, whyIncomplete } from "../../../../dev/bench/cluster-state";

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
