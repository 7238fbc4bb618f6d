import { describe, expect, test } from "vitest";
import { clashes, KIND_NAMES, pathOf, pulumiType, registeredObject } from "../../../fleet/objects";
import { VERSION_OF } from "../../../fleet/owner";

test.each([
  ["deployment", "/apis/apps/v1/namespaces/models/deployments", "kubernetes:apps/v1:Deployment"],
  ["service", "/api/v1/namespaces/models/services", "kubernetes:core/v1:Service"],
  ["secret", "/api/v1/namespaces/models/secrets", "kubernetes:core/v1:Secret"],
  [
    "ingress",
    "/apis/networking.k8s.io/v1/namespaces/models/ingresses",
    "kubernetes:networking.k8s.io/v1:Ingress",
  ],
  [
    "middleware",
    "/apis/traefik.io/v1alpha1/namespaces/models/middlewares",
    "kubernetes:traefik.io/v1alpha1:Middleware",
  ],
] as const)("the API server lists each %s at %s", (kind, path, type) => {
  expect(KIND_NAMES).toContain(kind);
  expect(pathOf(kind, "models")).toBe(path);
  expect(pathOf(kind, "models", "x")).toBe(`${path}/x`);
  expect(pulumiType(kind)).toBe(type);
});

describe("a registered object", () => {
  test.each<[string, string, object, string | undefined]>([
    ["a Deployment", "kubernetes:apps/v1:Deployment", { name: "iris" }, "deployment/iris"],
    [
      "a Secret version with an unknown name",
      "kubernetes:core/v1:Secret",
      { name: undefined, annotations: { [VERSION_OF]: "iris-env" } },
      "secret/iris-env-*",
    ],
    [
      "an object of a kind that nobody can announce",
      "kubernetes:batch/v1:Job",
      { name: "x" },
      "kubernetes:batch/v1:Job/x",
    ],
    ["the Namespace", "kubernetes:core/v1:Namespace", { name: "models" }, undefined],
    ["the provider", "pulumi:providers:kubernetes", {}, undefined],
    ["a component", "modelfleet:serving:ModelService", {}, undefined],
  ])("has the name of its announcement if it is %s", (_what, type, metadata, expected) => {
    expect(registeredObject(type, metadata)).toBe(expected);
  });
});

test("clashes names both makers of an object that is announced twice", () => {
  const iris = { object: "deployment/iris-next", by: 'model "iris"' } as const;
  const next = { object: "deployment/iris-next", by: 'model "iris-next"' } as const;
  const other = { object: "service/iris-next", by: 'model "iris-next"' } as const;
  expect(clashes([iris, other])).toEqual([]);
  expect(clashes([iris, other, next])).toEqual([
    { object: "deployment/iris-next", first: 'model "iris"', second: 'model "iris-next"' },
  ]);
});
