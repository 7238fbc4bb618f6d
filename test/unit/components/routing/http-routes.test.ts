import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
  hostRouteSpec,
  modelRouteSpec,
  redirectRouteSpec,
  restRouteSpec,
  type RouteScope,
} from "../../../../components/routing/http-routes";
import type { Backend } from "../../../../components/routing/route";

const SCOPE: RouteScope = {
  gateway: { name: "shared", namespace: undefined, sectionName: undefined, create: undefined },
};

const PARENT = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "shared" };

const PREFIX = (value: string) => [
  {
    type: "RequestHeaderModifier",
    requestHeaderModifier: { set: [{ name: "X-Forwarded-Prefix", value }] },
  },
  { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } },
];

function backend(service: string, weight: number, rest: Partial<Backend> = {}): Backend {
  return { variant: service, service, weight, ready: {} as pulumi.Resource, ...rest };
}

const PATH = "/models/iris";
const match = (value: string) => ({ path: { type: "PathPrefix", value } });

function rulesOf(...backends: Backend[]): unknown {
  return modelRouteSpec({ id: "iris", paths: [PATH], backends }, SCOPE).rules;
}

describe("the HTTPRoute of a model", () => {
  test("strips the path, tells the server about it, and leads to the Service", () => {
    const route = { id: "iris", paths: [PATH], backends: [backend("iris", 100)] };
    expect(modelRouteSpec(route, SCOPE)).toEqual({
      parentRefs: [PARENT],
      rules: [{ matches: [match(PATH)], filters: PREFIX(PATH), backendRefs: [{ name: "iris", port: 80 }] }],
    });
  });

  test("has a rule of its own for each path, since a rule that replaces a prefix may have one path only", () => {
    const route = { id: "iris", paths: [PATH, "/old"], backends: [backend("iris", 100)] };
    expect(modelRouteSpec(route, SCOPE).rules.map(({ matches, filters }) => [matches, filters])).toEqual([
      [[match(PATH)], PREFIX(PATH)],
      [[match("/old")], PREFIX("/old")],
    ]);
  });

  test("attaches to a listener of a Gateway in another namespace, for one host", () => {
    const gateway = { ...SCOPE.gateway, namespace: "infra", sectionName: "https" };
    const route = { id: "iris", paths: [PATH], backends: [backend("iris", 100)] };
    expect(modelRouteSpec(route, { gateway, hosts: ["models.example"] })).toMatchObject({
      parentRefs: [{ ...PARENT, namespace: "infra", sectionName: "https" }],
      hostnames: ["models.example"],
    });
  });

  test("splits requests by weight", () => {
    expect(rulesOf(backend("a", 90), backend("b", 10))).toMatchObject([
      {
        backendRefs: [
          { name: "a", weight: 90 },
          { name: "b", weight: 10 },
        ],
      },
    ]);
  });

  test("leaves out a variant without a share, and the champion if the others have everything", () => {
    const refs = (...all: Backend[]) =>
      (rulesOf(...all) as { backendRefs: unknown }[]).map(({ backendRefs }) => backendRefs);
    expect(refs(backend("a", 100), backend("b", 0))).toEqual([[{ name: "a", port: 80 }]]);
    expect(refs(backend("a", 0), backend("b", 100))).toEqual([[{ name: "b", port: 80 }]]);
  });

  test("leads requests with all headers of a variant to it, before the rest is split", () => {
    const debug = backend("debug", 0, { headers: { "X-Variant": "debug", "X-A": "1" } });
    expect(rulesOf(backend("a", 100), debug)).toEqual([
      {
        matches: [
          {
            ...match(PATH),
            headers: [
              { name: "X-A", value: "1" },
              { name: "X-Variant", value: "debug" },
            ],
          },
        ],
        filters: PREFIX(PATH),
        backendRefs: [{ name: "debug", port: 80 }],
      },
      { matches: [match(PATH)], filters: PREFIX(PATH), backendRefs: [{ name: "a", port: 80 }] },
    ]);
  });

  test.each([
    [100, { backendRef: { name: "shadow", port: 80 } }],
    [25, { backendRef: { name: "shadow", port: 80 }, percent: 25 }],
  ])("sends a copy of %i % of the requests to a shadow", (mirrorPercent, requestMirror) => {
    expect(rulesOf(backend("a", 100), backend("shadow", 0, { mirrorPercent }))).toEqual([
      {
        matches: [match(PATH)],
        filters: [...PREFIX(PATH), { type: "RequestMirror", requestMirror }],
        backendRefs: [{ name: "a", port: 80 }],
      },
    ]);
  });
});

test("pages of other origins are allowed in every rule of the HTTPRoute", () => {
  const cors = {
    ...{ allowOrigins: ["https://app.example"], allowMethods: ["GET" as const], allowHeaders: ["X"] },
    ...{ exposeHeaders: [], allowCredentials: false, maxAgeSeconds: 60 },
  };
  const route = { id: "iris", paths: [PATH], backends: [backend("a", 100)] };
  expect(modelRouteSpec(route, { ...SCOPE, cors }).rules[0]?.filters?.[0]).toEqual({
    type: "CORS",
    cors: {
      ...{ allowOrigins: ["https://app.example"], allowMethods: ["GET"], allowHeaders: ["X"] },
      ...{ allowCredentials: false, maxAge: 60 },
    },
  });
});

test("a limit of the time of a request is in every rule of the HTTPRoute", () => {
  const backends = [backend("a", 100), backend("b", 0, { headers: { x: "y" } })];
  const { rules } = modelRouteSpec({ id: "iris", paths: [PATH], backends, timeoutSeconds: 90 }, SCOPE);
  expect(rules.map(({ timeouts }) => timeouts)).toEqual([{ request: "90s" }, { request: "90s" }]);
});

describe("at the path that all models share", () => {
  const HEADER = "X-Gateway-Model-Name";
  const shared = { ...SCOPE, modelHeader: HEADER };
  const named = { name: HEADER, value: "iris" };

  test("an HTTPRoute leads requests that name its model there, with their whole path", () => {
    const route = { id: "iris", paths: [PATH], backends: [backend("iris", 100)], timeoutSeconds: 90 };
    const timeouts = { request: "90s" };
    const backendRefs = [{ name: "iris", port: 80 }];
    expect(modelRouteSpec(route, shared).rules).toEqual([
      { matches: [match(PATH)], filters: PREFIX(PATH), backendRefs, timeouts },
      { matches: [{ ...match("/v1"), headers: [named] }], backendRefs, timeouts },
    ]);
  });

  test("variants have the same shares, copies and headers", () => {
    const backends = [
      backend("a", 90),
      backend("b", 10, { headers: { "X-Variant": "b" } }),
      backend("shadow", 0, { mirrorPercent: 5, headers: { A: "1" } }),
    ];
    const { rules } = modelRouteSpec({ id: "iris", paths: [PATH, "/old"], backends }, shared);
    const requestMirror = { backendRef: { name: "shadow", port: 80 }, percent: 5 };
    expect(rules).toHaveLength(9);
    expect(rules.slice(6)).toEqual([
      {
        matches: [{ ...match("/v1"), headers: [named, { name: "X-Variant", value: "b" }] }],
        backendRefs: [{ name: "b", port: 80 }],
      },
      {
        matches: [{ ...match("/v1"), headers: [{ name: "A", value: "1" }, named] }],
        backendRefs: [{ name: "shadow", port: 80 }],
      },
      {
        matches: [{ ...match("/v1"), headers: [named] }],
        filters: [{ type: "RequestMirror", requestMirror }],
        backendRefs: [
          { name: "a", port: 80, weight: 90 },
          { name: "b", port: 80, weight: 10 },
        ],
      },
    ]);
  });

  test("the default backend has the list, whatever model a request names, and requests without a model", () => {
    expect(restRouteSpec("rest", shared).rules).toEqual([
      {
        matches: [match("/v1/models"), match("/v1"), match("/")],
        backendRefs: [{ name: "rest", port: 80 }],
      },
    ]);
  });
});

test("the own host of a model has an HTTPRoute that strips nothing", () => {
  const debug = backend("debug", 0, { headers: { x: "y" } });
  const route = { id: "iris", paths: [PATH], backends: [backend("a", 100), debug] };
  const scope = { ...SCOPE, hosts: ["m.example"], modelHeader: "X-Model" };
  expect(hostRouteSpec(route, "iris.example", scope)).toEqual({
    parentRefs: [PARENT],
    hostnames: ["iris.example"],
    rules: [
      {
        matches: [{ ...match("/"), headers: [{ name: "x", value: "y" }] }],
        backendRefs: [{ name: "debug", port: 80 }],
      },
      { matches: [match("/")], backendRefs: [{ name: "a", port: 80 }] },
    ],
  });
});

test("the HTTPRoute of the default backend keeps the path, which tells retired models apart", () => {
  expect(restRouteSpec("rest", SCOPE).rules).toEqual([
    { matches: [match("/")], backendRefs: [{ name: "rest", port: 80 }] },
  ]);
});

test("the redirect is for the HTTP listener, and goes to the port of the HTTPS one", () => {
  expect(redirectRouteSpec(8443, { ...SCOPE, sectionName: "http" })).toEqual({
    parentRefs: [{ ...PARENT, sectionName: "http" }],
    rules: [
      {
        matches: [match("/")],
        filters: [
          { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301, port: 8443 } },
        ],
      },
    ],
  });
});
