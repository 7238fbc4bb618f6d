import { describe, expect, test } from "vitest";
import { inOrder } from "../../../components/routing/routes";
import { applyAnnotations, ownerLabels } from "../../../fleet/owner";
import { handovers, swappedPaths } from "../../../ownership/handover";
import type { HttpRouteObject } from "../../../ownership/route-claims";

const OWN = { labels: ownerLabels("dev"), annotations: applyAnnotations("dev") };

/** The HTTPRoute that a model has today. */
const today = (name: string, ...paths: string[]): HttpRouteObject => ({
  metadata: { name, namespace: "models", ...OWN },
  spec: { rules: paths.map((value) => ({ matches: [{ path: { value } }] })) },
});

/** A fleet of models with these paths. */
const fleet = (models: Record<string, string>) => ({
  ...{ namespace: "models", stack: "dev" },
  models: Object.entries(models).map(([id, path]) => ({ id, path })),
});

describe("a path that another model takes over", () => {
  test("is given up after the other model has it", () => {
    const httpRoutes = [today("a", "/a"), today("b", "/b")];
    expect(handovers(fleet({ a: "/c", b: "/a" }), { httpRoutes })).toEqual(new Map([["a", ["b"]]]));
  });

  test("is given up last anyway by a model that goes", () => {
    expect(handovers(fleet({ b: "/a" }), { httpRoutes: [today("a", "/a")] })).toEqual(new Map());
  });

  test("is no matter if nothing moves", () => {
    expect(
      handovers(fleet({ a: "/a", b: "/b" }), { httpRoutes: [today("a", "/a"), today("b", "/b")] }),
    ).toEqual(new Map());
  });
});

test("models come after those that take their paths over", () => {
  const after = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
  ]);
  expect(inOrder(["a", "b", "c", "d"], after)).toEqual(["c", "d", "b", "a"]);
});

test("two models that swap their paths are refused, with what works", () => {
  const httpRoutes = [today("a", "/a"), today("b", "/b"), today("c", "/c")];
  const found = swappedPaths(fleet({ a: "/b", b: "/a", c: "/c" }), { httpRoutes });
  expect(found.map(({ text }) => text)).toEqual([
    "routing: models a, b would swap their paths, and with an HTTPRoute each, one of the paths would lead nowhere for a moment; " +
      "swap what they run instead (image, env, secrets), or do it while routing.flavour is ingress, where one object has all paths",
  ]);
  expect(swappedPaths(fleet({ a: "/x", b: "/a", c: "/c" }), { httpRoutes })).toEqual([]);
});
