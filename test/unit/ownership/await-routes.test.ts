import { describe, expect, test } from "vitest";
import { whyNotAccepted } from "../../../ownership/await-routes";
import type { HttpRouteObject } from "../../../ownership/route-claims";

const GATEWAY = { name: "shared", namespace: "infra" };

type Condition = readonly [type: string, status: string, rest?: object];

function routeWith(conditions: readonly Condition[], parent: object = GATEWAY): HttpRouteObject {
  const all = conditions.map(([type, status, rest]) => ({ type, status, observedGeneration: 2, ...rest }));
  return {
    metadata: { name: "iris", namespace: "models", generation: 2 },
    status: { parents: [{ parentRef: parent, conditions: all }] },
  };
}

const why = (...args: Parameters<typeof routeWith>) => whyNotAccepted(routeWith(...args), GATEWAY);

const ACCEPTED: Condition = ["Accepted", "True"];

describe("an HTTPRoute", () => {
  test("serves once its Gateway's controller has accepted it and found its Services", () => {
    expect(why([ACCEPTED, ["ResolvedRefs", "True"]])).toBeUndefined();
    expect(why([ACCEPTED])).toBeUndefined();
  });

  test("serves although its controller left what it said about a listener that the route had before", () => {
    const { metadata, status } = routeWith([ACCEPTED], { ...GATEWAY, sectionName: "https" });
    const former = routeWith([["Accepted", "True", { observedGeneration: 1 }]]);
    const parents = [...(former.status?.parents ?? []), ...(status?.parents ?? [])];
    expect(whyNotAccepted({ metadata, status: { parents } } as HttpRouteObject, GATEWAY)).toBeUndefined();
  });

  test("that is refused says why, in the controller's words", () => {
    const because = { reason: "NotAllowedByListeners", message: "no listener takes it" };
    expect(why([["Accepted", "False", because]])).toBe("NotAllowedByListeners: no listener takes it");
    expect(why([ACCEPTED, ["ResolvedRefs", "False", { reason: "BackendNotFound" }]])).toBe("BackendNotFound");
  });

  test.each<[string, ...Parameters<typeof routeWith>]>([
    ["nothing was said", []],
    ["what was said is about an earlier version", [["Accepted", "True", { observedGeneration: 1 }]]],
    ["it was said about another Gateway", [ACCEPTED], { ...GATEWAY, name: "other" }],
    ["it was said about a Gateway of its own namespace", [ACCEPTED], { name: "shared" }],
  ])("is not looked at yet if %s", (_what, conditions, parent) => {
    expect(why(conditions, parent)).toBe("no controller has looked at it");
  });
});
