import { describe, expect, test } from "vitest";
import { fleetOf, problems } from "../../support/settings";

function onGateway(gateway: Record<string, unknown>, routing: Record<string, unknown> = {}) {
  return { gateway, routing: { flavour: "gateway", ...routing } };
}

const OWN = { create: true, className: "traefik" };
const HTTPS = { host: "models.example", tls: { secretName: "models-tls" } };

function problemsOf(gateway: Record<string, unknown>, routing?: Record<string, unknown>): string[] {
  return problems({ models: "iris", defaults: { image: "a/b:1" }, ...onGateway(gateway, routing) });
}

describe("a Gateway that others made", () => {
  test("must be named", () => {
    expect(problemsOf({})).toEqual([
      "gateway.name: is missing, and routing.flavour is gateway; name the Gateway that the models' routes attach to, or let the fleet make one: gateway.create and gateway.className",
    ]);
    expect(problemsOf({ name: "shared", namespace: "infra", sectionName: "https" })).toEqual([]);
  });

  test("has its own certificate and redirect", () => {
    expect(problemsOf({ name: "shared" }, HTTPS)).toEqual([
      `routing.tls.secretName: "models-tls" belongs to the Gateway, which gateway.create does not make; remove it: the Gateway's HTTPS listener has a certificate`,
      "routing.tls.redirect: true belongs to the Gateway, which gateway.create does not make; set it to false: whoever made the Gateway redirects its HTTP listener",
    ]);
    expect(problemsOf({ name: "shared" }, { host: "a.example", tls: { redirect: false } })).toEqual([]);
  });
});

describe("a Gateway that the fleet makes", () => {
  test("needs a class, and a certificate for HTTPS", () => {
    expect(problemsOf({ create: true }, { host: "a.example", tls: {} })).toEqual([
      "gateway.className: is missing, and gateway.create needs it; name a GatewayClass: `kubectl get gatewayclasses`",
      "routing.tls.secretName: is missing: the HTTPS listener of the fleet's Gateway needs a certificate; name the Secret, which cert-manager makes if gateway.annotations names an issuer",
    ]);
    expect(problemsOf(OWN, HTTPS)).toEqual([]);
  });

  test("is in the fleet's namespace, and its listeners are the fleet's", () => {
    expect(problemsOf({ ...OWN, namespace: "infra", sectionName: "x" })).toEqual([
      'gateway.namespace: "infra" is another namespace than the fleet\'s, in which gateway.create makes it; remove one of the two',
      'gateway.sectionName: "x" is for a Gateway that others made, and gateway.create is set; remove one of the two',
    ]);
    expect(problemsOf({ ...OWN, namespace: "models" })).toEqual([]);
  });
});

describe("pages of other origins", () => {
  const of = (cors: object, flavour = "gateway") => problemsOf({ name: "x" }, { flavour, cors });

  test("are for HTTPRoutes", () => {
    expect(of({ allowOrigins: ["*"] })).toEqual([]);
    expect(of({ allowOrigins: ["*"] }, "both")).toEqual([
      "routing.cors: needs HTTPRoutes, and routing.flavour is both; set routing.flavour to gateway, or remove it and annotate the Ingress with ingress.annotations",
    ]);
  });

  test("are named as the Gateway API takes them", () => {
    const origins = [
      "app.example",
      "https://a.example/x",
      "https://*.a.example:8443",
      "http://localhost:3000",
    ];
    const rule = 'is not an origin such as https://app.example.com or https://*.example.com, nor "*"';
    expect(of({ allowOrigins: origins })).toEqual([
      `routing.cors.allowOrigins[0]: "app.example" ${rule}`,
      `routing.cors.allowOrigins[1]: "https://a.example/x" ${rule}`,
    ]);
    expect(of({ allowOrigins: [], allowMethods: ["GET", "*"], allowHeaders: ["A", "A"] })).toEqual([
      "routing.cors.allowOrigins: [] is empty; name an origin, or remove routing.cors",
      'routing.cors.allowMethods: ["GET","*"] has "*" beside others; it means every one, so let it stand alone',
      'routing.cors.allowHeaders: ["A","A"] names one twice; remove one',
    ]);
  });
});

describe("limits of requests", () => {
  const catalog = { iris: { route: { timeoutSeconds: 90 } } };

  test("per model are for HTTPRoutes", () => {
    const settings = (flavour: string) =>
      problems({
        models: "iris",
        defaults: { image: "a/b:1" },
        catalog,
        ...onGateway({ name: "x" }, { flavour }),
      });
    expect(settings("gateway")).toEqual([]);
    expect(settings("both")).toEqual([
      "catalog.iris.route.timeoutSeconds: 90 is a limit of a single model, which an Ingress does not have, and routing.flavour is both; set routing.timeoutSeconds for all models, or routing.flavour to gateway",
    ]);
  });

  test("of a body's size are not for HTTPRoutes", () => {
    expect(problemsOf({ name: "x" }, { maxBodySize: "20Mi" })).toEqual([
      `routing.maxBodySize: "20Mi" is a limit that the Gateway API does not have; remove it, and set the controller's own policy, such as with route.annotations`,
    ]);
  });
});

test("settings of a Gateway wait for the flavour, so that one setting switches between the two", () => {
  const settings = { gateway: { create: true }, routing: { flavour: "ingress" } };
  expect(fleetOf(settings).routing.flavour).toBe("ingress");
});
