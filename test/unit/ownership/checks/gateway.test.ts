import { describe, expect, test } from "vitest";
import { unsuitableGateway } from "../../../../ownership/checks/gateway";
import { takenRoutes } from "../../../../ownership/checks/routes";
import type { Plan } from "../../../../ownership/finding";
import type { GatewayFound, Listener } from "../../../../ownership/gateway";
import type { HttpRouteObject } from "../../../../ownership/route-claims";
import type { Snapshot } from "../../../../ownership/snapshot";
import { NO_GATEWAY } from "../../../support/settings";

const GATEWAY = { ...NO_GATEWAY, name: "shared", namespace: "infra" };
const PLAN = {
  stack: "dev",
  namespace: "models",
  adopt: [] as string[],
  models: [{ path: "/models/iris" }],
  routing: {},
  ingress: { className: "nginx" },
  gateway: GATEWAY,
  announced: new Set(["httproute/iris"]),
} as unknown as Plan;

const OPEN: Listener = {
  name: "http",
  protocol: "HTTP",
  allowedRoutes: { namespaces: { from: "All" } },
};

/** A Gateway whose controller can do all that a fleet needs. */
function found(listeners: readonly Listener[], more: Partial<GatewayFound> = {}): GatewayFound {
  return {
    gateway: { spec: { gatewayClassName: "envoy", listeners } },
    className: "envoy",
    gatewayClass: {
      spec: { controllerName: "example.com/envoy" },
      status: { supportedFeatures: [{ name: "HTTPRoutePathRewrite" }] },
    },
    others: [],
    ...more,
  };
}

function texts(gateway: GatewayFound, plan: Partial<Plan> = {}, labels?: Record<string, string>): string[] {
  const namespace = labels === undefined ? "missing" : { metadata: { labels } };
  return unsuitableGateway({ ...PLAN, ...plan }, { gateway, namespace } as Snapshot).map(({ text }) => text);
}

describe("a Gateway of others", () => {
  test("that takes the fleet's routes is fine, and so is one that nobody may read", () => {
    expect(texts(found([OPEN]))).toEqual([]);
    const unreadable = { gateway: "unreadable", gatewayClass: "unreadable" } as const;
    expect(texts(found([], unreadable))).toEqual([]);
  });

  test("that is missing is named beside those that are there", () => {
    const gone = { gateway: "missing", gatewayClass: "unreadable" } as const;
    expect(texts(found([], { ...gone, others: ["infra/a", "infra/b"] }))).toEqual([
      'gateway.name: there is no Gateway "shared" in namespace "infra"; there are infra/a, infra/b (namespace/name): name one of them, or let the fleet make its own with gateway.create',
    ]);
  });

  test("must have the listener that the settings name", () => {
    expect(texts(found([OPEN]), { gateway: { ...GATEWAY, sectionName: "https" } })).toEqual([
      'gateway.sectionName: Gateway infra/shared has no listener "https"; its listeners are http',
    ]);
  });

  test.each<[string, Listener, Partial<Plan>, string]>([
    [
      "its own namespace only",
      { name: "http", protocol: "HTTP" },
      {},
      "takes routes of its own namespace only",
    ],
    ["TCP", { ...OPEN, protocol: "TCP" }, {}, "is for TCP"],
    [
      "another host",
      { ...OPEN, hostname: "*.b.example" },
      { routing: { host: "models.a.example" } },
      "is for host *.b.example, and the fleet's host is models.a.example",
    ],
    [
      "GRPCRoutes",
      { ...OPEN, allowedRoutes: { namespaces: { from: "All" }, kinds: [{ kind: "GRPCRoute" }] } },
      {},
      "takes no HTTPRoutes",
    ],
    [
      "namespaces with a label",
      {
        ...OPEN,
        allowedRoutes: { namespaces: { from: "Selector", selector: { matchLabels: { team: "a" } } } },
      },
      {},
      'takes routes of namespaces with team=a, which namespace "models" has not',
    ],
  ])("is refused if every listener is for %s", (_what, listener, plan, why) => {
    expect(texts(found([listener]), plan, { team: "b" })).toEqual([
      `gateway.name: no listener of Gateway infra/shared takes the fleet's routes: listener "${listener.name}" ${why}; ` +
        "ask whoever made the Gateway to admit them, or let the fleet make its own with gateway.create",
    ]);
    expect(texts(found([listener, OPEN]), plan, { team: "b" })).toEqual([]);
  });

  test("takes routes of the namespaces that its selector names", () => {
    const selector = { matchLabels: { team: "a" } };
    const listener = { ...OPEN, allowedRoutes: { namespaces: { from: "Selector", selector } } };
    expect(texts(found([listener]), {}, { team: "a", other: "x" })).toEqual([]);
  });
});

describe("a GatewayClass", () => {
  test("whose controller cannot do what a setting needs is an error that names both", () => {
    const gatewayClass = {
      spec: { controllerName: "example.com/small" },
      status: { supportedFeatures: [{ name: "HTTPRoute" }] },
    };
    expect(texts(found([OPEN], { gatewayClass }))).toEqual([
      'routing.flavour: needs HTTPRoutePathRewrite of the Gateway API, which example.com/small of GatewayClass "envoy" does not have; ' +
        "set it to ingress, or take a controller that has it, such as Traefik, Envoy Gateway, kgateway, Istio, Cilium and NGINX Gateway Fabric",
    ]);
  });

  test("whose controller says nothing of itself is taken as it is", () => {
    expect(texts(found([OPEN], { gatewayClass: { spec: {}, status: {} } }))).toEqual([]);
  });

  test("that is missing is named beside those that are there", () => {
    const create = { className: "nope", httpPort: 80, httpsPort: 443, annotations: {} };
    const gone = {
      gateway: undefined,
      className: "nope",
      gatewayClass: "missing",
      others: ["traefik"],
    } as const;
    expect(texts(found([], gone), { gateway: { ...NO_GATEWAY, create } })).toEqual([
      'gateway.className: the cluster has no GatewayClass "nope"; there are traefik',
    ]);
  });
});

describe("paths that another HTTPRoute of the Gateway has", () => {
  const route = (rules: object[], namespace = "other", gateway = "shared"): HttpRouteObject => ({
    metadata: { name: "theirs", namespace },
    spec: { parentRefs: [{ name: gateway, namespace: "infra" }], rules },
  });
  const rule = (value: string, more: object = {}) => ({
    matches: [{ path: { type: "PathPrefix", value }, ...more }],
  });
  const taken = (httpRoutes: readonly HttpRouteObject[], adopt: string[] = []) =>
    takenRoutes({ ...PLAN, adopt }, {
      httpRoutes,
      seesAllHttpRoutes: true,
      ingresses: [],
      seesAllIngresses: true,
      gateway: found([OPEN]),
      last: {},
    } as unknown as Snapshot);

  test("are an error that names the route", () => {
    expect(taken([route([rule("/models/iris")])])).toEqual([
      {
        level: "error",
        text: "routing: /models/iris on every host is routed by httproute/other/theirs already; choose another routing.host or routing.pathPrefix",
        adopt: { entry: "httproute/other/theirs", effect: "route it too" },
      },
    ]);
    expect(taken([route([rule("/models/iris/")])])).toHaveLength(1);
  });

  test("are none if the route is for some requests only, of another Gateway, or in adopt", () => {
    expect(taken([route([rule("/models/iris", { headers: [{ name: "x", value: "y" }] })])])).toEqual([]);
    expect(taken([route([rule("/models/iris")], "other", "second")])).toEqual([]);
    expect(taken([route([rule("/models/iris")])], ["httproute/other/theirs"])).toEqual([]);
    expect(taken([route([rule("/models/wine")])])).toEqual([]);
  });
});
