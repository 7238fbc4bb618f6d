import { describe, expect, test } from "vitest";
import { Availability, type DeploymentState, isAvailable } from "../../../../dev/bench/readiness";

/** A Deployment of one replica, available in its newest generation unless `status` says otherwise. */
function deployment(
  name: string,
  version: number,
  status: DeploymentState["status"] = {},
  generation = 1,
): DeploymentState {
  const complete = { observedGeneration: generation, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  return {
    metadata: { name, generation, resourceVersion: String(version) },
    spec: { replicas: 1 },
    status: { ...complete, ...status },
  };
}

describe("a Deployment", () => {
  test("is available when all pods are of the newest generation and available", () => {
    expect(isAvailable(deployment("a", 1))).toBe(true);
  });

  test.each([
    ["its controller has not seen the newest generation", { observedGeneration: 1 }],
    ["a pod is of an older generation", { updatedReplicas: 0 }],
    ["a pod too many is left", { replicas: 2 }],
    ["a pod is not available", { availableReplicas: 0 }],
  ])("is not available when %s", (_, status) => {
    expect(isAvailable(deployment("a", 1, status, 2))).toBe(false);
  });

  test("is not available before its controller has seen it", () => {
    expect(isAvailable({ metadata: { generation: 1 }, spec: { replicas: 1 } })).toBe(false);
  });

  test("with no replicas is available as soon as its controller has seen it", () => {
    const paused = { metadata: { generation: 1 }, spec: { replicas: 0 } };
    expect(isAvailable(paused)).toBe(false);
    expect(isAvailable({ ...paused, status: { observedGeneration: 1 } })).toBe(true);
  });
});

describe("a fleet is available", () => {
  const starting = { availableReplicas: 0 };

  test("since the last of its Deployments became available", () => {
    const seen = new Availability();
    seen.see(deployment("a", 1, starting), 10);
    seen.see(deployment("b", 2, starting), 11);
    seen.see(deployment("a", 3), 20);
    expect(seen.since(2)).toBeUndefined();
    seen.see(deployment("b", 4), 30);
    expect(seen.since(2)).toBe(30);
  });

  test("since the same moment when an available Deployment changes and stays available", () => {
    const seen = new Availability();
    seen.see(deployment("a", 1), 10);
    seen.see(deployment("a", 2), 20);
    expect(seen.since(1)).toBe(10);
  });

  test("not before the model that an update adds exists", () => {
    const seen = new Availability();
    seen.see(deployment("a", 1), 10);
    expect(seen.since(2)).toBeUndefined();
    seen.see(deployment("b", 2, starting), 20);
    expect(seen.since(2)).toBeUndefined();
    seen.see(deployment("b", 3), 30);
    expect(seen.since(2)).toBe(30);
  });

  test("not while a Deployment rolls out, and then since its end", () => {
    const seen = new Availability();
    seen.see(deployment("a", 1), 10);
    seen.see(deployment("a", 2, { observedGeneration: 1 }, 2), 20);
    expect(seen.since(1)).toBeUndefined();
    expect(seen.unavailable).toEqual(["a"]);
    seen.see(deployment("a", 3, {}, 2), 30);
    expect(seen.since(1)).toBe(30);
  });

  test("only in the newest state that is known, in whatever order states arrive", () => {
    const seen = new Availability();
    seen.see(deployment("a", 9, { observedGeneration: 1 }, 2), 20);
    seen.see(deployment("a", 5), 30);
    expect(seen.since(1)).toBeUndefined();
    // Versions are numbers: as text, "10" would come before "9".
    seen.see(deployment("a", 10, {}, 2), 40);
    expect(seen.since(1)).toBe(40);
  });

  test("only without further Deployments", () => {
    const seen = new Availability();
    seen.see(deployment("a", 1), 10);
    seen.see(deployment("b", 2), 10);
    expect(seen.since(1)).toBeUndefined();
    seen.forget(deployment("b", 3));
    expect(seen.since(1)).toBe(10);
  });
});
