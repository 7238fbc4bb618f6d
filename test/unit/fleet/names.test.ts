import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelNames, modelPath, nearestModelId, problemOfModelId } from "../../../fleet/names";

const SYNTAX = /is not a valid model ID/;

describe("a model ID", () => {
  test.each(["a", "iris", "iris-v2", "m1", "m".repeat(63)])("may be %s", (id) => {
    expect(problemOfModelId(id)).toBeUndefined();
  });

  test.each<[string, RegExp]>([
    ["", SYNTAX],
    ["1st", SYNTAX],
    ["-a", SYNTAX],
    ["a-", SYNTAX],
    ["a_b", SYNTAX],
    ["A", SYNTAX],
    ["a.b", SYNTAX],
    ["é", SYNTAX],
    ["m".repeat(64), /is 64 characters long; the name of a Service has at most 63/],
    ["defaults", /is reserved: `secrets.defaults` belongs to every model/],
    ["modelfleet-default-backend", /needs an object named "modelfleet-default-backend"/],
  ])("may not be %j", (id, rule) => {
    expect(problemOfModelId(id)).toMatch(rule);
  });

  test.each([
    ["Iris_V2", "iris-v2"],
    ["  churn ", "churn"],
    ["2nd", "nd"],
    ["a--", "a"],
    ["123", undefined],
    ["", undefined],
  ])("typed as %j gets the suggestion %j", (typed, nearest) => {
    expect(nearestModelId(typed)).toBe(nearest);
  });

  test("gets a suggestion only if it is valid and differs from what was typed", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 90 }), (typed) => {
        const near = nearestModelId(typed);
        if (near === undefined) return;
        expect(problemOfModelId(near)).toBeUndefined();
        expect(near).not.toBe(typed);
      }),
    );
  });

  test("has object names that no other ID has", () => {
    const id = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other);
        for (const kind of ["deployment", "service", "secret"] as const)
          expect(modelNames(one)[kind]).not.toBe(modelNames(other)[kind]);
      }),
    );
  });
});

test("the path of a model is the prefix and the ID, and the prefix / adds nothing", () => {
  expect([modelPath("/models", "iris"), modelPath("/", "iris")]).toEqual(["/models/iris", "/iris"]);
});
