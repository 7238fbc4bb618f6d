import type { Resource } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ingressPaths } from "../../../../components/routing/ingress-paths";
import { ModelIngress, type ModelIngressArgs } from "../../../../components/routing/model-ingress";
import type { Route } from "../../../../components/routing/route";
import type { ControllerName } from "../../../../config/resolve";
import { manifests, registered } from "../../../../dev/registered";

const route = (id: string, path = `/models/${id}`): Route => ({
  id,
  paths: [path],
  backends: [{ variant: "default", service: id, weight: 100, ready: {} as Resource }],
});
const ingress = (controller: ControllerName, annotations = {}) => ({
  className: controller,
  controller,
  annotations,
});
const args: ModelIngressArgs = {
  namespace: "models",
  stack: "dev",
  ingress: ingress("nginx"),
  routing: { pathPrefix: "/models" },
  routes: [route("iris")],
};

async function build(overrides: Partial<ModelIngressArgs> = {}) {
  const resources = await registered(() => {
    new ModelIngress("models", { ...args, ...overrides });
  });
  const objects = manifests(resources);
  const of = (kind: string) => objects.find((object) => object.kind === kind);
  return { objects, ingress: of("Ingress"), middleware: of("Middleware") };
}

describe("the Ingress", () => {
  test("has a rule for each of the fleet's hosts, and one for the own host of a model", async () => {
    const routing = {
      ...args.routing,
      host: "m.example",
      additionalHosts: ["old.example"],
      tls: { redirect: true },
    };
    const routes = [{ ...route("wine"), host: "wine.example" }, route("iris")];
    const { ingress: made } = await build({ routing, routes, ingress: ingress("none") });
    const { rules, tls } = made?.["spec"] as {
      rules: { host: string; http: { paths: unknown[] } }[];
      tls: unknown;
    };
    expect(rules.map(({ host, http }) => [host, http.paths.length])).toEqual([
      ["m.example", 2],
      ["old.example", 2],
      ["wine.example", 1],
    ]);
    const backend = { service: { name: "wine", port: { name: "http" } } };
    expect(rules[2]?.http.paths).toEqual([{ path: "/", pathType: "Prefix", backend }]);
    expect(tls).toEqual([{ hosts: ["m.example", "old.example", "wine.example"] }]);
  });

  test("for nginx is one object with annotations that strip a model's path", async () => {
    const { objects, ingress: made } = await build();
    expect(objects).toHaveLength(1);
    expect(made?.metadata.annotations).toMatchObject({
      "nginx.ingress.kubernetes.io/use-regex": "true",
      "nginx.ingress.kubernetes.io/rewrite-target": "/$3",
    });
  });

  test("for nginx tells the model its prefix, sends answers on as they come, and has the limits of requests", async () => {
    const routing = { pathPrefix: "/models", timeoutSeconds: 300, maxBodySize: "20Mi" };
    const { ingress: made } = await build({ routing });
    expect(made?.metadata.annotations).toMatchObject({
      "nginx.ingress.kubernetes.io/x-forwarded-prefix": "/$1",
      "nginx.ingress.kubernetes.io/proxy-buffering": "off",
      "nginx.ingress.kubernetes.io/proxy-read-timeout": "300",
      "nginx.ingress.kubernetes.io/proxy-send-timeout": "300",
      "nginx.ingress.kubernetes.io/proxy-body-size": "20971520",
      "nginx.ingress.kubernetes.io/proxy-request-buffering": "on",
    });
    const plain = await build();
    expect(Object.keys(plain.ingress?.metadata.annotations ?? {}).join()).not.toMatch(/timeout|body-size/);
  });

  test("for any other controller has plain paths and none of its annotations", async () => {
    const { objects, ingress: made } = await build({ ingress: ingress("none"), defaultService: "fallback" });
    expect(objects).toHaveLength(1);
    expect(
      Object.keys(made?.metadata.annotations ?? {}).filter(
        (key) => !/(pulumi\.com|modelfleet\.dev)\//.test(key),
      ),
    ).toEqual([]);
    expect(made?.["spec"]).toMatchObject({
      rules: [
        {
          http: {
            paths: [
              { path: "/models/iris", pathType: "Prefix" },
              { path: "/", pathType: "Prefix" },
            ],
          },
        },
      ],
    });
  });

  test("for traefik names its Middleware", async () => {
    const { ingress: made, middleware } = await build({ ingress: ingress("traefik") });
    expect(made?.metadata.annotations).toMatchObject({
      "traefik.ingress.kubernetes.io/router.middlewares": "models-modelfleet-strip-prefix@kubernetescrd",
    });
    expect(middleware?.["spec"]).toEqual({ stripPrefixRegex: { regex: ["^/models/[^/]+"] } });
  });

  test.each([
    [true, "true"],
    [false, "false"],
  ])("with TLS for nginx has the certificate, and says whether it redirects: %s", async (redirect, said) => {
    const routing = { pathPrefix: "/models", host: "a.example", tls: { secretName: "cert", redirect } };
    const { objects, ingress: made } = await build({ routing });
    expect(objects).toHaveLength(1);
    expect(made?.["spec"]).toMatchObject({ tls: [{ hosts: ["a.example"], secretName: "cert" }] });
    expect(made?.metadata.annotations).toMatchObject({ "nginx.ingress.kubernetes.io/ssl-redirect": said });
  });

  test("with TLS for traefik redirects first, by a Middleware, unless it shall not", async () => {
    const routing = { pathPrefix: "/models", host: "a.example", tls: { redirect: true } };
    const { objects, ingress: made } = await build({ routing, ingress: ingress("traefik") });
    expect(made?.["spec"]).toMatchObject({ tls: [{ hosts: ["a.example"] }] });
    const spec = { redirectScheme: { scheme: "https", permanent: true } };
    expect(objects).toContainEqual(expect.objectContaining({ kind: "Middleware", spec }));
    expect(made?.metadata.annotations?.["traefik.ingress.kubernetes.io/router.middlewares"]).toBe(
      "models-modelfleet-redirect-https@kubernetescrd,models-modelfleet-strip-prefix@kubernetescrd",
    );
    const without = await build({
      routing: { ...routing, tls: { redirect: false } },
      ingress: ingress("traefik"),
    });
    expect(without.objects).toHaveLength(2);
  });

  test("lets the user override its own annotations, except those for Pulumi", async () => {
    const annotations = {
      "nginx.ingress.kubernetes.io/rewrite-target": "/x",
      "pulumi.com/patchForce": "false",
    };
    const { ingress: made } = await build({ ingress: ingress("nginx", annotations) });
    expect(made?.metadata.annotations).toMatchObject({
      "nginx.ingress.kubernetes.io/rewrite-target": "/x",
      "pulumi.com/patchForce": "true",
    });
  });

  test("and its Middleware have the labels and annotations of the fleet's own objects", async () => {
    const extras = { labels: { team: "garden" }, annotations: { "example.com/owner": "us" } };
    const { ingress: made, middleware } = await build({ ...extras, ingress: ingress("traefik") });
    expect(made?.metadata).toMatchObject(extras);
    expect(middleware?.metadata).toMatchObject(extras);
  });

  test.each([
    ["its own", true],
    ["the fleet's", false],
  ])(
    "goes through the Middlewares that %s annotations name, and strips its paths after them",
    async (_whose, isIngress) => {
      const theirs = { "traefik.ingress.kubernetes.io/router.middlewares": "auth@kubernetescrd" };
      const { ingress: made } = await build({
        ingress: ingress("traefik", isIngress ? theirs : {}),
        annotations: isIngress ? {} : theirs,
      });
      expect(made?.metadata.annotations).toMatchObject({
        "traefik.ingress.kubernetes.io/router.middlewares":
          "auth@kubernetescrd,models-modelfleet-strip-prefix@kubernetescrd",
      });
    },
  );

  test("without a model routes to the default backend", async () => {
    const { ingress: made } = await build({ routes: [], defaultService: "fallback" });
    expect(made?.["spec"]).toMatchObject({ rules: [{ http: { paths: [{ path: "/()()(.*)" }] } }] });
  });
});

describe("the paths of an Ingress", () => {
  const routes = [route("m10"), route("m1"), route("v1", "/v1.0")];
  const pathsFor = (controller: ControllerName, list: readonly Route[], defaultService?: string) =>
    ingressPaths({ ingress: ingress(controller), routes: list, defaultService }) as {
      path: string;
      backend: { service: { name: string } };
    }[];

  /** The backend of a request, found as ingress-nginx does: by regular expressions, the longest path first. */
  function nginxBackend(path: string): unknown {
    const longestFirst = pathsFor("nginx", routes, "fallback").sort((a, b) => b.path.length - a.path.length);
    return longestFirst.find((rule) => new RegExp(`^${rule.path}`, "i").test(path))?.backend.service.name;
  }

  test.each([
    ["/models/m1", "m1"],
    ["/models/m1/v2/health/ready", "m1"],
    ["/models/m10", "m10"],
    ["/models/m10/x", "m10"],
    ["/models/m100", "fallback"],
    ["/v1.0/x", "v1"],
    ["/v1x0/x", "fallback"],
    ["/", "fallback"],
  ])("lead %s to %s with nginx", (path, backend) => {
    expect(nginxBackend(path)).toBe(backend);
  });

  test("do not depend on the order of the list", () => {
    expect(pathsFor("traefik", [...routes].reverse())).toEqual(pathsFor("traefik", routes));
  });

  test("have the type Prefix with traefik, and the default backend has the last path", () => {
    const service = (name: string) => ({ service: { name, port: { name: "http" } } });
    expect(pathsFor("traefik", [route("b"), route("a")], "fallback")).toEqual([
      { path: "/models/a", pathType: "Prefix", backend: service("a") },
      { path: "/models/b", pathType: "Prefix", backend: service("b") },
      { path: "/", pathType: "Prefix", backend: service("fallback") },
    ]);
  });
});
