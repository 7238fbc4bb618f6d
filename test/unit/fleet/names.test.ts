import { describe, expect, test } from "vitest";
import { fleetLabels, modelPath, nearestModelId, problemOfModelId } from "../../../fleet/names";

describe("a model ID", () => {
  test.each(["a", "iris", "iris-v2", "m1", "m".repeat(63)])("may be %s", (id) => {
    expect(problemOfModelId(id)).toBeUndefined();
  });

  test.each(["", "1st", "-a", "a-", "a_b", "A", "a.b", "é", "m".repeat(64)])("may not be %j", (id) => {
    expect(problemOfModelId(id)).toEqual(expect.any(String));
  });

  test.each([
    ["Iris_V2", "iris-v2"],
    ["  churn ", "churn"],
    ["2nd", "nd"],
    ["a--", "a"],
    ["123", undefined],
    ["", undefined],
  ])("typed as %j is nearest to %j", (typed, nearest) => {
    expect(nearestModelId(typed)).toBe(nearest);
  });
});

test("labels say which model, which fleet and which stack, cut to what a label takes", () => {
  expect(fleetLabels("iris", `${"s".repeat(62)}.-x`)).toEqual({
    "app.kubernetes.io/name": "iris",
    "app.kubernetes.io/part-of": "modelfleet",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/instance": "s".repeat(62),
  });
});

test("a path joins the prefix and the ID, and a prefix of / adds nothing", () => {
  expect([modelPath("/models", "iris"), modelPath("/", "iris")]).toEqual(["/models/iris", "/iris"]);
});
