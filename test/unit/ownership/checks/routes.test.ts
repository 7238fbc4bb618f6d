import { describe, expect, test } from "vitest";
import { restRouteSpec } from "../../../../components/routing/http-routes";
import { applyAnnotations, ownerLabels } from "../../../../fleet/owner";
import { takenRoutes } from "../../../../ownership/checks/routes";
import type { Plan } from "../../../../ownership/finding";
import type { IngressObject, Snapshot } from "../../../../ownership/snapshot";
import { NO_GATEWAY } from "../../../support/settings";

const PLAN: Plan = {
  stack: "dev",
  namespace: "models",
  cluster: { kubeconfig: undefined, context: undefined, environment: {} },
  clusterId: undefined,
  adopt: [],
  models: ["a", "b", "c", "d", "e"].map((id) => ({ id, path: `/models/${id}` })),
  routing: {},
  ingress: { className: "nginx" },
  gateway: NO_GATEWAY,
  announced: new Set(["ingress/modelfleet"]),
  isPreview: true,
};

function ofFleet(namespace: string, stack: string, paths: string[], more: object = {}): IngressObject {
  const owner = { labels: ownerLabels(stack), annotations: applyAnnotations(stack) };
  return {
    metadata: { name: "modelfleet", namespace, ...owner, ...more },
    spec: { ingressClassName: "nginx", rules: [{ http: { paths: paths.map((path) => ({ path })) } }] },
  };
}

const found = (ingresses: readonly IngressObject[], plan: Partial<Plan> = {}, seesAllIngresses = true) =>
  takenRoutes({ ...PLAN, ...plan }, {
    ingresses,
    seesAllIngresses,
    last: { namespace: "before" },
  } as Snapshot);
const ALL = PLAN.models.map(({ path }) => `${path}(/|$)(.*)`);

describe("paths that another fleet routes", () => {
  test("are one error per Ingress, which names its owner and both fixes", () => {
    expect(found([ofFleet("other", "prod", ALL)])).toEqual([
      {
        level: "error",
        text: 'routing: /models/a, /models/b, /models/c, 2 more on every host are routed by ingress/other/modelfleet (stack "prod") already; choose another routing.host or routing.pathPrefix',
        adopt: { entry: "ingress/other/modelfleet", effect: "route it too" },
      },
    ]);
  });

  test("are an error too if they are an alias of a model", () => {
    const models = [{ id: "z", path: "/models/z", aliases: ["/models/a"] }];
    expect(found([ofFleet("other", "prod", ALL)], { models })).toEqual([
      expect.objectContaining({
        text: expect.stringContaining("/models/a on every host is routed by") as string,
      }),
    ]);
  });

  test("are an error too if a stack of the same name has them in another namespace", () => {
    expect(found([ofFleet("other", "dev", ALL)])).toHaveLength(1);
  });

  test.each<[string, readonly IngressObject[], Partial<Plan>]>([
    ["they are the fleet's own", [ofFleet("models", "dev", ALL)], {}],
    ["the fleet had them in its former namespace", [ofFleet("before", "dev", ALL)], {}],
    ["adopt lists their Ingress", [ofFleet("other", "prod", ALL)], { adopt: ["ingress/other/modelfleet"] }],
    ["another class serves them", [ofFleet("other", "prod", ALL)], { ingress: { className: "traefik" } }],
    [
      "their Ingress is being deleted",
      [ofFleet("other", "prod", ALL, { deletionTimestamp: "2026-11-25T18:00:00Z" })],
      {},
    ],
    ["the fleet has no Ingress", [ofFleet("other", "prod", ALL)], { announced: new Set() }],
  ])("are accepted if %s", (_what, ingresses, plan) => {
    expect(found(ingresses, plan)).toEqual([]);
  });

  test("are only warned about if the fleet routes them already, so that it can be repaired", () => {
    const both = [ofFleet("models", "dev", ALL.slice(0, 1)), ofFleet("other", "prod", ALL.slice(0, 2))];
    const [error, warning] = found(both);
    expect(error).toMatchObject({ level: "error" });
    expect(error?.text).toContain("routing: /models/b on every host is routed by ingress/other/modelfleet");
    expect(warning).toMatchObject({ level: "warning" });
    expect(warning?.text).toContain("routing: /models/a on every host is routed by");
  });

  test("include what is left, if both have a default backend", () => {
    const plan = { models: [], routing: { host: "a.example", defaultBackend: {} } };
    const theirs = ofFleet("other", "prod", ["/()(.*)"]);
    expect(found([theirs], plan)).toEqual([]);
    const rules = theirs.spec?.rules?.map((rule) => ({ ...rule, host: "a.example" })) ?? [];
    expect(found([{ ...theirs, spec: { ...theirs.spec, rules } }], plan)).toHaveLength(1);
  });
});

describe("the path that all models of a fleet share", () => {
  const gateway = { ...NO_GATEWAY, name: "shared", namespace: "infra" };
  const plan = {
    ...PLAN,
    models: [],
    routing: { host: "a.example", openai: true, defaultBackend: {} },
    gateway,
  };

  function foundOn(name: string, namespace: string, spec: object, stack = "prod") {
    const owner = { labels: ownerLabels(stack), annotations: applyAnnotations(stack) };
    return takenRoutes({ ...plan, announced: new Set() }, {
      ...{ ingresses: [], seesAllIngresses: true, seesAllHttpRoutes: true },
      gateway: {},
      httpRoutes: [{ metadata: { name, namespace, ...owner }, spec }],
      last: {},
    } as unknown as Snapshot);
  }
  const ofList = (host: string) => restRouteSpec("rest", { gateway, hosts: [host], modelHeader: "X-Model" });

  test("is that of one fleet per host, since one answers the list", () => {
    const found = foundOn("modelfleet-default-backend", "other", ofList("a.example"));
    expect(found).toEqual([
      {
        level: "error",
        text: 'routing: /v1, / on a.example are routed by httproute/other/modelfleet-default-backend (stack "prod") already; choose another routing.host or routing.pathPrefix',
        adopt: { entry: "httproute/other/modelfleet-default-backend", effect: "route it too" },
      },
    ]);
    expect(foundOn("modelfleet-default-backend", "other", ofList("b.example"))).toEqual([]);
    expect(foundOn("modelfleet-default-backend", "models", ofList("a.example"), "dev")).toEqual([]);
  });

  test("is taken by a route of others to a longer path", () => {
    const rules = [{ matches: [{ path: { type: "PathPrefix", value: "/v1/chat" } }] }];
    const spec = { ...ofList("a.example"), rules };
    expect(foundOn("chat", "other", spec)).toMatchObject([
      { level: "error", text: expect.stringContaining("routing: /v1 on a.example is routed by") as string },
    ]);
  });
});

test("that the account may not look at other namespaces is said, and is no warning", () => {
  expect(found([], {}, false)).toMatchObject([{ level: "info" }]);
});
