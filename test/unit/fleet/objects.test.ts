import { describe, expect, test } from "vitest";
import { fieldManager, ownerLabels } from "../../../fleet/names";
import { isOwn, wantedObjects } from "../../../fleet/objects";

const models = [{ id: "iris" }];

describe("wanted objects", () => {
  test("are three a model and the Ingress", () => {
    expect([...wantedObjects({ models, registry: undefined, ingress: { controller: "nginx" } })]).toEqual([
      "deployment/iris",
      "service/iris",
      "secret/iris-env",
      "ingress/modelfleet",
    ]);
  });

  test("of the whole fleet include what its settings ask for", () => {
    const wanted = wantedObjects({
      models: [],
      registry: {},
      ingress: { controller: "traefik", defaultBackend: {} },
    });
    expect([...wanted]).toEqual([
      "secret/modelfleet-registry",
      "deployment/modelfleet-default-backend",
      "service/modelfleet-default-backend",
      "ingress/modelfleet",
      "middleware/modelfleet-strip-prefix",
    ]);
  });

  test("of an empty fleet are none", () => {
    expect(wantedObjects({ models: [], registry: undefined, ingress: { controller: "traefik" } }).size).toBe(
      0,
    );
  });
});

describe("an object is the stack's own", () => {
  test("by its labels", () => {
    expect(isOwn({ labels: { ...ownerLabels("dev"), more: "x" } }, "dev")).toBe(true);
  });

  test("by who applied it, where somebody took the labels off", () => {
    expect(isOwn({ managedFields: [{ manager: "kubectl" }, { manager: fieldManager("dev") }] }, "dev")).toBe(
      true,
    );
  });

  test.each([
    ["nobody's", {}],
    ["another stack's", { labels: ownerLabels("prod"), managedFields: [{ manager: fieldManager("prod") }] }],
    [
      "a chart's",
      { labels: { "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "dev" } },
    ],
  ])("not where it is %s", (_whose, meta) => {
    expect(isOwn(meta, "dev")).toBe(false);
  });
});
