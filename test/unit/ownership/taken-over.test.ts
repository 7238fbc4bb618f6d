import { describe, expect, test } from "vitest";
import { applyAnnotations } from "../../../fleet/owner";
import { modelsTakenOver } from "../../../ownership/taken-over";

const NGINX = "(/|$)(.*)";

const ingress = (paths: Record<string, string>, more: object = {}) => ({
  metadata: { name: "old", namespace: "models", ...more },
  spec: {
    rules: [
      {
        http: {
          paths: Object.entries(paths).map(([path, name]) => ({ path, backend: { service: { name } } })),
        },
      },
    ],
  },
});
const MODELS = ["iris", "wine"].map((id) => ({ id, path: `/models/${id}` }));
const taken = (adopt: string[], ingresses: object[], seesAllIngresses = true, models: object[] = MODELS) =>
  modelsTakenOver(
    { adopt, namespace: "models", stack: "dev", models: models as typeof MODELS, routing: {} },
    { ingresses, seesAllIngresses },
  );

test("models are taken over whose paths an accepted Ingress routes", () => {
  const old = ingress({ [`/models/wine${NGINX}`]: "w", "/other": "o" });
  expect(taken(["ingress/models/old"], [old])).toEqual(["wine"]);
  expect(taken(["service/wine"], [old])).toEqual([]);
  expect(taken(["ingress/models/old"], [ingress({ "/other": "o" })])).toEqual([]);
  expect(
    taken(["ingress/models/old"], [ingress({ "/models/wine": "w" }, { deletionTimestamp: "now" })]),
  ).toEqual([]);
});

test("so are models whose own host, or a further host of the fleet, an accepted Ingress routes", () => {
  const old = (host: string, path: string) => ({
    metadata: { name: "old", namespace: "models" },
    spec: { rules: [{ host, http: { paths: [{ path, backend: { service: { name: "w" } } }] } }] },
  });
  const routing = { host: "m.example", additionalHosts: ["old.example"] };
  const models = [MODELS[0], { ...MODELS[1], host: "wine.example" }] as typeof MODELS;
  const found = (host: string, path: string) =>
    modelsTakenOver(
      { adopt: ["ingress/models/old"], namespace: "models", stack: "dev", models, routing },
      { ingresses: [old(host, path)], seesAllIngresses: true },
    );
  expect(found("wine.example", "/")).toEqual(["wine"]);
  expect(found("old.example", "/models/iris")).toEqual(["iris"]);
  expect(found("iris.example", "/")).toEqual([]);
});

test("all models are taken over if the account may not look at an accepted Ingress", () => {
  expect(taken(["ingress/elsewhere/old"], [], false)).toEqual(["iris", "wine"]);
  expect(taken(["ingress/models/old"], [], false)).toEqual([]);
  expect(taken(["ingress/elsewhere/old"], [])).toEqual([]);
});

describe("models are taken over whose path the fleet's own Ingress leads to another Service", () => {
  const own = (paths: Record<string, string>, more: object = {}) =>
    ingress(paths, {
      name: "modelfleet",
      annotations: applyAnnotations("dev"),
      managedFields: [{ manager: "modelfleet-dev" }],
      ...more,
    });
  const running = own({
    [`/models/iris${NGINX}`]: "iris",
    "/models/wine": "wine",
    "/": "modelfleet-default-backend",
  });
  const of = (models: object[], live: object = running) => taken([], [live], true, models);

  test.each<[string, object[], string[]]>([
    ["none if all is as it was", MODELS, []],
    ["none if a model is new", [...MODELS, { id: "churn", path: "/models/churn" }], []],
    ["none if a path is new", [{ id: "iris", path: "/models/iris", aliases: ["/iris"] }], []],
    ["one that kept its path under another ID", [{ id: "iris2", path: "/models/iris" }], ["iris2"]],
    [
      "one that keeps a path as an alias",
      [{ id: "iris2", path: "/iris", aliases: ["/models/iris"] }],
      ["iris2"],
    ],
    ["one below the path of another", [{ id: "petal", path: "/models/iris/petal" }], ["petal"]],
    [
      "two that swap their paths",
      [
        { id: "iris", path: "/models/wine" },
        { id: "wine", path: "/models/iris" },
      ],
      ["iris", "wine"],
    ],
    [
      "one with another champion",
      [{ id: "iris", path: "/models/iris", variant: "b", challengers: [] }],
      ["iris"],
    ],
    [
      "none if a challenger is new",
      [{ id: "iris", path: "/models/iris", variant: "default", challengers: [{ variant: "b" }] }],
      [],
    ],
  ])("%s", (_what, models, expected) => {
    expect(of(models)).toEqual(expected);
  });

  test("and not of an Ingress of another fleet, or one that is being deleted", () => {
    const moved = [{ id: "iris2", path: "/models/iris" }];
    const foreign = own({ "/models/iris": "iris" }, { annotations: applyAnnotations("prod") });
    const gone = own({ "/models/iris": "iris" }, { deletionTimestamp: "now" });
    expect(of(moved, foreign)).toEqual([]);
    expect(of(moved, gone)).toEqual([]);
  });
});
