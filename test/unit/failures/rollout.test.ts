import { expect, test } from "vitest";
import { isRolledOut, type RollingDeployment, wasRolledOut } from "../../../failures/rollout";

const COMPLETE: RollingDeployment = {
  metadata: { name: "iris", generation: 3 },
  spec: { replicas: 2 },
  status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
};

function deployment(status: RollingDeployment["status"], spec: RollingDeployment["spec"] = {}) {
  return {
    ...COMPLETE,
    spec: { ...COMPLETE.spec, ...spec },
    status: { ...COMPLETE.status, ...status },
  };
}

test("a rollout is complete once all pods are new and available, and no other is left", () => {
  expect(isRolledOut(COMPLETE)).toBe(true);
});

test.each<[string, RollingDeployment]>([
  ["the controller has not looked at the last change", deployment({ observedGeneration: 2 })],
  ["a pod of the last change is still to be made", deployment({ updatedReplicas: 1 })],
  ["a pod of an earlier release is left", deployment({ replicas: 3 })],
  ["a pod is not available", deployment({ availableReplicas: 1 })],
  ["the controller has not looked at it at all", { metadata: { name: "iris", generation: 1 } }],
])("a rollout is not complete if %s", (_why, one) => {
  expect(isRolledOut(one)).toBe(false);
});

test("a Deployment of no pods, and one that somebody has paused, are not waited for", () => {
  const none = { replicas: 0, updatedReplicas: 0, availableReplicas: 0 };
  expect(isRolledOut(deployment(none, { replicas: 0 }))).toBe(true);
  expect(isRolledOut(deployment({ updatedReplicas: 0 }, { paused: true }))).toBe(true);
});

test("a rollout was complete once, though a pod is down since", () => {
  const conditions = [{ type: "Progressing", reason: "NewReplicaSetAvailable" }];
  expect(wasRolledOut(deployment({ conditions, availableReplicas: 0 }))).toBe(true);
  expect(wasRolledOut(deployment({ conditions, observedGeneration: 2 }))).toBe(false);
  const late = [{ type: "Progressing", reason: "ProgressDeadlineExceeded" }];
  expect(wasRolledOut(deployment({ conditions: late }))).toBe(false);
});
