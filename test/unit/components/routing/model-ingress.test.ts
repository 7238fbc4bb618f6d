import { describe, expect, test } from "vitest";
import { ModelIngress, type ModelIngressArgs } from "../../../../components/routing/model-ingress";
import { only, registered } from "../../../support/mocks";

const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const args: ModelIngressArgs = {
  namespace: "models",
  stack: "dev",
  className: "nginx",
  controller: "nginx",
  pathPrefix: "/models",
  annotations: {},
  routes: [{ id: "iris", path: "/models/iris", service: "iris" }],
};

const build = (overrides: Partial<ModelIngressArgs> = {}) =>
  registered(() => new ModelIngress("models", { ...args, ...overrides }));

function annotations(resources: Awaited<ReturnType<typeof build>>): Record<string, string> {
  return (only(resources, INGRESS).inputs.metadata as { annotations: Record<string, string> }).annotations;
}

describe("the Ingress", () => {
  test("for nginx is one object with annotations that strip a model's path", async () => {
    const resources = await build();
    expect(resources.map(({ type }) => type)).toEqual([INGRESS, "modelfleet:serving:ModelIngress"]);
    expect(annotations(resources)).toMatchObject({
      "nginx.ingress.kubernetes.io/use-regex": "true",
      "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
    });
  });

  test("for traefik names its Middleware", async () => {
    const resources = await build({ controller: "traefik", className: "traefik" });
    expect(annotations(resources)["traefik.ingress.kubernetes.io/router.middlewares"]).toBe(
      "models-modelfleet-strip-prefix@kubernetescrd",
    );
    expect(only(resources, "kubernetes:traefik.io/v1alpha1:Middleware").inputs.spec).toEqual({
      stripPrefixRegex: { regex: ["^/models/[^/]+"] },
    });
  });

  test("takes annotations of the user over its own, but not over how it is applied", async () => {
    const resources = await build({
      annotations: { "nginx.ingress.kubernetes.io/rewrite-target": "/x", "pulumi.com/patchForce": "false" },
    });
    expect(annotations(resources)).toMatchObject({
      "nginx.ingress.kubernetes.io/rewrite-target": "/x",
      "pulumi.com/patchForce": "true",
    });
  });

  test("goes through the Middlewares of the user, and strips its paths all the same", async () => {
    const resources = await build({
      controller: "traefik",
      annotations: { "traefik.ingress.kubernetes.io/router.middlewares": "auth-basic@kubernetescrd" },
    });
    expect(annotations(resources)).toMatchObject({
      "traefik.ingress.kubernetes.io/router.middlewares":
        "auth-basic@kubernetescrd,models-modelfleet-strip-prefix@kubernetescrd",
    });
  });

  test("is not there without a model", async () => {
    expect((await build({ routes: [] })).map(({ type }) => type)).toEqual([
      "modelfleet:serving:ModelIngress",
    ]);
  });

  test("without a model still leads to the default backend, which knows of none", async () => {
    const resources = await build({ routes: [], defaultBackend: { image: "registry.example/404:1" } });
    expect(only(resources, INGRESS).inputs.spec).toMatchObject({
      rules: [{ http: { paths: [{ path: "/()(.*)" }] } }],
    });
    expect(only(resources, "kubernetes:apps/v1:Deployment").inputs.spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              env: [
                { name: "MODELS", value: "[]" },
                { name: "PORT", value: "8080" },
              ],
            },
          ],
        },
      },
    });
  });
});

test.each([
  ["https://x.example", "https://x.example/models/iris"],
  [undefined, "/models/iris"],
])("with clients at %s a model's URL is %s", async (url, expected) => {
  let urls: unknown;
  await registered(() => {
    urls = new ModelIngress("models", { ...args, url }).urls;
  });
  expect(urls).toEqual({ iris: expected });
});
