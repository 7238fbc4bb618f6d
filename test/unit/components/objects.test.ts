import { ComponentResource } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { metadata } from "../../../components/metadata";
import { createNamespace } from "../../../components/namespace";
import { createProvider } from "../../../components/provider";
import { dockerConfig } from "../../../components/pull-secret";
import { DefaultBackend } from "../../../components/routing/default-backend";
import { championPaths, modelUrls } from "../../../components/routing/route";
import { manifests, registered, revealed } from "../../../dev/registered";

describe("the metadata of an object", () => {
  const scope = { namespace: "models", stack: "dev" };

  test("has its owner's labels, and is applied with force by the stack's own field manager", () => {
    expect(metadata(scope, { name: "iris-env", app: "iris" })).toEqual({
      name: "iris-env",
      namespace: "models",
      labels: {
        "app.kubernetes.io/name": "iris",
        "app.kubernetes.io/part-of": "modelfleet",
        "app.kubernetes.io/managed-by": "pulumi",
        "app.kubernetes.io/instance": "dev",
      },
      annotations: {
        "modelfleet.dev/stack": "dev",
        "pulumi.com/patchForce": "true",
        "pulumi.com/patchFieldManager": "modelfleet-dev",
        "pulumi.com/skipAwait": "true",
      },
    });
  });

  test("lets users add labels and annotations, and override none of its own", () => {
    const labels = { team: "a", "app.kubernetes.io/instance": "not-mine" };
    const annotations = { note: "b", "pulumi.com/patchForce": "false" };
    const made = metadata(scope, { name: "x", labels, annotations, skipAwait: false });
    expect(made.labels).toMatchObject({ team: "a", "app.kubernetes.io/instance": "dev" });
    expect(made.annotations).toMatchObject({ note: "b", "pulumi.com/patchForce": "true" });
    expect(made.annotations).not.toHaveProperty(["pulumi.com/skipAwait"]);
  });
});

test("the Namespace admits only restricted pods unless the settings relax it, and labels cannot change that", async () => {
  const labels = { team: "a", "pod-security.kubernetes.io/enforce": "privileged" };
  const resources = await registered(() => {
    createNamespace("models", { stack: "dev", labels, annotations: { note: "b" } });
  });
  expect(manifests(resources)[0]).toMatchObject({
    metadata: {
      name: "models",
      labels: { team: "a", "pod-security.kubernetes.io/enforce": "restricted" },
      annotations: { note: "b", "pulumi.com/patchForce": "true" },
    },
  });
  const [relaxed] = await registered(() => {
    createNamespace("models", { stack: "dev", podSecurity: "baseline" });
  });
  expect(manifests(relaxed === undefined ? [] : [relaxed])[0]).toMatchObject({
    metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
  });
});

test.each<[string, string | undefined, object]>([
  ["no kubeconfig is unset, whatever KUBECONFIG is", undefined, { kubeconfig: "", context: "prod" }],
  ["a kubeconfig is passed on as a secret", "contents", { kubeconfig: "contents", context: "prod" }],
])("the provider: %s", async (_what, kubeconfig, expected) => {
  const [provider] = await registered(() => {
    createProvider({ kubeconfig, context: "prod" });
  });
  // Providers take nested settings as JSON.
  const always = {
    kubeClientSettings: JSON.stringify({ qps: 400, burst: 800 }),
    clusterIdentifier: "see clusterId",
    enableServerSideApply: "true",
  };
  expect(revealed(provider?.inputs)).toEqual({ ...expected, ...always });
  const isSecret = JSON.stringify(provider?.inputs).includes("1b47061264138c4ac30d75fd1eb44270");
  expect(isSecret).toBe(kubeconfig !== undefined);
});

test("the default backend gets the sorted list of models and listens on port 8080", async () => {
  const resources = await registered(() => {
    new DefaultBackend("default-backend", {
      namespace: "models",
      stack: "dev",
      image: "registry.example/404:1",
      resources: { requests: { cpu: "1m" }, limits: {} },
      models: ["wine", "iris"],
      pullSecret: "pull",
    });
  });
  const [deployment, service] = manifests(resources);
  expect(deployment).toMatchObject({
    metadata: { name: "modelfleet-default-backend" },
    spec: {
      template: {
        spec: {
          imagePullSecrets: [{ name: "pull" }],
          containers: [
            {
              image: "registry.example/404:1",
              env: [
                { name: "MODELS", value: '["iris","wine"]' },
                { name: "PORT", value: "8080" },
              ],
              resources: { requests: { cpu: "1m" }, limits: {} },
            },
          ],
        },
      },
    },
  });
  expect(service).toMatchObject({ metadata: { name: "modelfleet-default-backend" } });
});

test("the default backend knows the header that names a model", async () => {
  const resources = await registered(() => {
    new DefaultBackend("default-backend", {
      namespace: "models",
      stack: "dev",
      image: "registry.example/404:1",
      resources: { requests: {}, limits: {} },
      models: ["iris"],
      modelHeader: "X-Model",
    });
  });
  expect(manifests(resources)[0]).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              env: [
                { name: "MODELS", value: '["iris"]' },
                { name: "OPENAI_MODEL_HEADER", value: "X-Model" },
                { name: "PORT", value: "8080" },
              ],
            },
          ],
        },
      },
    },
  });
});

test("dockerConfig has a registry's credentials in the format of docker login", () => {
  expect(JSON.parse(dockerConfig("registry.example", "user", "pass"))).toEqual({
    auths: { "registry.example": { username: "user", password: "pass", auth: "dXNlcjpwYXNz" } },
  });
});

test("the paths of all models are sorted, and lead to the first backend", () => {
  const ready = new ComponentResource("a:b:C", "model");
  const backend = (service: string) => ({ variant: "default", service, weight: 100, ready });
  const routes = [
    { id: "b", paths: ["/b", "/0"], backends: [backend("b"), backend("b-next")] },
    { id: "a", paths: ["/a"], backends: [backend("a")] },
  ];
  expect(championPaths(routes)).toEqual([
    { path: "/0", service: "b" },
    { path: "/a", service: "a" },
    { path: "/b", service: "b" },
  ]);
});

test("URLs begin with the address of the ingress controller", () => {
  const models = [{ id: "a", path: "/a" }];
  expect(modelUrls(models, { url: "https://x.example" })).toEqual({ a: "https://x.example/a" });
  expect(modelUrls(models, {})).toEqual({ a: "/a" });
});

test("the URL of a model with a host of its own is that host", () => {
  const models = [{ id: "a", path: "/a", host: "a.example" }];
  expect(modelUrls(models, { url: "https://x.example" })).toEqual({ a: "http://a.example" });
  expect(modelUrls(models, { tls: {} })).toEqual({ a: "https://a.example" });
});
