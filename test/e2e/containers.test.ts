import { Client, credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyWhenKnown, type KubectlAccess } from "../../dev/cluster/kubectl";
import { ensureTools } from "../../dev/toolchain/ensure";
import { MERGE_KEYS, REPLACED_ENTRIES } from "../../fleet/merge-keys";
import { coreSchema, type Schemas } from "../../kubernetes/openapi";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { GATEWAYS } from "../support/gateways";
import { mergedLists } from "../support/merged-lists";
import { eventually, responseOf } from "../support/traffic";
import { Workspace } from "../support/workspace";

const NAMESPACE = "containers";
const HOST = "calls.containers.example";
/** The port of Envoy Gateway's Gateway, which no other test has. */
const ENVOY_PORT = 8006;

/** A container of the example's image that runs a script instead. */
const node = (script: string) => ["/usr/local/bin/node", "--input-type=module", "-e", script];

/** Answers with what it finds in its container. */
const FACTS = `
  import { readFileSync, statfsSync, writeFileSync } from "node:fs";
  import { createServer } from "node:http";
  const read = (path) => readFileSync(path, "utf8");
  const writes = (path) => { try { writeFileSync(path + "/probe", ""); return true; } catch { return false; } };
  const { HOME, TEAM, POD, PORT } = process.env;
  createServer(async (request, response) => {
    response.end(JSON.stringify({
      team: TEAM, pod: POD, home: HOME, directory: process.cwd(),
      config: read("/config/name"), fetched: read("/fetched/weights"),
      sidecar: await (await fetch("http://127.0.0.1:9000")).text(),
      writable: ["/", "/app", "/tmp", HOME, "/dev/shm", "/claim"].filter(writes),
      shm: statfsSync("/dev/shm").blocks * statfsSync("/dev/shm").bsize,
    }));
  }).listen(PORT);`;

/** The health service of gRPC: whatever is asked, it serves. */
const CALLS = `
  import { createServer } from "node:http2";
  createServer().on("stream", (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
  }).listen(process.env.PORT);`;

const ONE = { image: EXAMPLE_DEFAULTS.image };
const PARTS = {
  command: node(FACTS),
  env: {
    TEAM: { configMapKeyRef: { name: "team", key: "name" } },
    POD: { fieldRef: { fieldPath: "metadata.name" } },
  },
  volumes: {
    config: { mountPath: "/config", configMap: "team" },
    fetched: { mountPath: "/fetched", emptyDir: { sizeLimit: "1Mi" } },
    claim: { mountPath: "/claim", pvc: "claim" },
  },
  shm: "32Mi",
  initContainers: [
    {
      ...{ ...ONE, name: "fetch", volumeMounts: [{ name: "fetched", mountPath: "/fetched" }] },
      command: node(`import { writeFileSync } from "node:fs"; writeFileSync("/fetched/weights", "weights");`),
    },
  ],
  sidecars: [
    {
      ...{ ...ONE, name: "proxy" },
      command: node(
        `import { createServer } from "node:http"; createServer((_, to) => to.end("here")).listen(9000);`,
      ),
    },
  ],
  podSpec: { containers: [{ name: "model", workingDir: "/app" }] },
};
const MODELS = {
  parts: { ...PARTS, readiness: { path: "/" } },
  calls: { command: node(CALLS), protocol: "grpc", host: HOST },
};

describeReal("a model's containers", (cluster) => {
  let fleet: Workspace;
  let access: KubectlAccess;
  const { kubeconfig, directory, ingressUrl } = cluster;

  beforeAll(async () => {
    access = { ...(await ensureTools(["kubectl"])), kubeconfig, directory };
    fleet = await Workspace.create({
      stack: NAMESPACE,
      cluster,
      config: {
        ...{ namespace: NAMESPACE, models: Object.keys(MODELS), defaults: EXAMPLE_DEFAULTS },
        ...{ ingress: { className: "traefik" }, gateway: { name: "shared" } },
      },
    });
    await applyWhenKnown(access, surroundings(Number(new URL(ingressUrl).port)));
  });
  afterAll(async () => {
    await fleet.remove(NAMESPACE);
    await fleet.kubectl("delete", "persistentvolume", NAMESPACE, "--wait=false");
  });

  test("name what the cluster lacks, does not know or does not admit, before anything is sent", async () => {
    const [init] = PARTS.initContainers;
    const parts = {
      ...{ ...MODELS.parts, podSecurity: "baseline" },
      volumes: { ...PARTS.volumes, claim: { mountPath: "/claim", pvc: "clam" } },
      initContainers: [{ ...init, securitycontext: {} }],
      podSpec: { containers: [{ name: "model", livenesProbe: null }], hostname: 1, hostNetwork: true },
    };
    fleet.configure({ catalog: { ...MODELS, parts } });
    const { exitCode, text } = await fleet.pulumi("preview");
    expect(exitCode).not.toBe(0);
    const at = "catalog.parts.";
    for (const line of [
      `${at}podSecurity: namespace "containers", which this stack has not made, admits only pods of the standard restricted`,
      `${at}podSpec.containers[0].livenesProbe: unknown field; did you mean "livenessProbe"?`,
      `${at}podSpec.hostNetwork: is refused in namespace "containers", which admits only pods of the standard restricted; remove it`,
      `${at}podSpec.hostname: must be a string; put it in quotes`,
      `${at}initContainers[0].securitycontext: unknown field; did you mean "securityContext"?`,
      `${at}volumes.claim.pvc: names the PersistentVolumeClaim "clam", and there is none in namespace "containers"; did you mean "claim"?`,
    ])
      expect(text).toContain(line);
    expect(text).toContain("6 problems in the cluster");
  });

  test("have the files, the variables, the memory and the neighbours of the settings, and a disk that is read-only", async () => {
    fleet.configure({ catalog: MODELS });
    await fleet.up();
    await eventually(async () => {
      const { status, body } = await responseOf(`${ingressUrl}/${NAMESPACE}/parts`, { host: "any.example" });
      expect(status, body).toBe(200);
      expect(JSON.parse(body)).toEqual({
        ...{ team: "garden", config: "garden", fetched: "weights", sidecar: "here" },
        ...{ pod: expect.stringMatching(/^parts-/) as string, home: "/tmp", directory: "/app" },
        ...{ writable: ["/tmp", "/tmp", "/dev/shm"], shm: 32 * 1024 * 1024 },
      });
    });
  });

  test("of a gRPC server are called through an Ingress, a Gateway of Traefik and one of Envoy", async ({
    skip,
  }) => {
    await eventually(async () => expect(await health(ingressUrl)).toEqual([8, 1]));
    fleet.configure({ routing: { pathPrefix: `/${NAMESPACE}`, flavour: "gateway" } });
    await fleet.up();
    await eventually(async () => expect(await health(ingressUrl)).toEqual([8, 1]));

    const envoy = await GATEWAYS["Envoy Gateway"]?.(cluster, ENVOY_PORT);
    if (envoy === undefined || "reason" in envoy) return skip(envoy?.reason);
    await applyWhenKnown(access, [
      gateway("envoy", envoy.className, ENVOY_PORT),
      await routeThrough(fleet, "envoy"),
    ]);
    await eventually(async () => expect(await health(envoy.url)).toEqual([8, 1]));
  });

  test("are merged by the keys of the API server's own schema", async () => {
    const text = await fleet.kubectl("get", "--raw", "/openapi/v3/api/v1");
    const { schemas } = (JSON.parse(text) as { components: { schemas: Schemas } }).components;
    const found = mergedLists(coreSchema(schemas, "PodSpec") ?? {}, schemas);
    const sorted = (map: Readonly<Record<string, string>>) => Object.entries(map).sort();
    expect(sorted(Object.fromEntries(found.map(({ field, key }) => [field, key])))).toEqual(
      sorted(MERGE_KEYS),
    );
    const replaced = found
      .filter(({ strategy }) => strategy.includes("retainKeys"))
      .map(({ field }) => field);
    expect([...new Set(replaced)].sort()).toEqual(REPLACED_ENTRIES);
  });
});

/** Calls the health service as gRPC's clients do. @returns The bytes of its answer: 8 1 is SERVING */
async function health(url: string): Promise<number[]> {
  const client = new Client(new URL(url).host, credentials.createInsecure(), {
    "grpc.default_authority": HOST,
    "grpc.enable_http_proxy": 0,
  });
  try {
    return await new Promise((resolve, reject) => {
      const same = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(
        ...["/grpc.health.v1.Health/Check", same, same, Buffer.alloc(0)],
        { deadline: Date.now() + 5000 },
        (error, answer) => {
          if (error === null) resolve([...(answer ?? [])]);
          else reject(error);
        },
      );
    });
  } finally {
    client.close();
  }
}

function gateway(name: string, className: string, port: number): object {
  return {
    ...{ apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway" },
    metadata: { name, namespace: NAMESPACE },
    spec: { gatewayClassName: className, listeners: [{ name: "http", protocol: "HTTP", port }] },
  };
}

/** The fleet's own route to the gRPC server, on another Gateway. */
async function routeThrough(fleet: Workspace, name: string): Promise<object> {
  const text = await fleet.kubectl("get", "httproutes", "--namespace", NAMESPACE, "--output", "json");
  const { items } = JSON.parse(text) as { items: { spec: { hostnames?: string[] } }[] };
  const route = items.find(({ spec }) => spec.hostnames?.includes(HOST));
  expect(route).not.toBeUndefined();
  const spec = { ...route?.spec, parentRefs: [{ name }] };
  return {
    ...{ apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
    ...{ metadata: { name, namespace: NAMESPACE }, spec },
  };
}

/** What the models find: a namespace that admits restricted pods only, a ConfigMap, a claim and a Gateway of others. */
function surroundings(port: number): object[] {
  const named = (name: string) => ({ apiVersion: "v1", metadata: { name, namespace: NAMESPACE } });
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  const claimed = {
    ...{ accessModes: ["ReadWriteOnce"], storageClassName: NAMESPACE },
  };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } },
    { ...named("team"), kind: "ConfigMap", data: { name: "garden" } },
    {
      ...{ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: NAMESPACE } },
      spec: {
        ...{ ...claimed, capacity: { storage: "1Mi" }, persistentVolumeReclaimPolicy: "Retain" },
        hostPath: { path: "/tmp/modelfleet-claim", type: "DirectoryOrCreate" },
      },
    },
    {
      ...{ ...named("claim"), kind: "PersistentVolumeClaim" },
      spec: { ...claimed, volumeName: NAMESPACE, resources: { requests: { storage: "1Mi" } } },
    },
    gateway("shared", "traefik", port),
  ];
}
