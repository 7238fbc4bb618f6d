import { describe, expect, test } from "vitest";
import { adopted, entryOf, type OldOptions, overServer, served } from "./old";

describe("a setting has", () => {
  const term = (labelSelector: object) => ({
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: "zone" }],
    },
  });
  const spread = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" };
  test.each<[what: string, old: OldOptions, entry: object]>([
    [
      "the place of the pods",
      {
        pod: {
          ...{ nodeSelector: { gpu: "a100" }, priorityClassName: "high", runtimeClassName: "nvidia" },
          tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
        },
      },
      {
        ...{ nodeSelector: { gpu: "a100" }, priorityClassName: "high", runtimeClassName: "nvidia" },
        tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
      },
    ],
    [
      "affinity to the model's own pods by the label of the new ones",
      { pod: { affinity: term({ matchLabels: { app: "iris" } }) } },
      { affinity: term({ matchLabels: { "app.kubernetes.io/name": "iris" } }) },
    ],
    [
      "affinity to pods of others as it is",
      { pod: { affinity: term({ matchLabels: { app: "redis" } }) } },
      { affinity: term({ matchLabels: { app: "redis" } }) },
    ],
    [
      "a spread of the model's own pods as the fleet counts them",
      {
        pod: { topologySpreadConstraints: [{ ...spread, labelSelector: { matchLabels: { app: "iris" } } }] },
      },
      { topologySpreadConstraints: [spread] },
    ],
    [
      "a device",
      {
        pod: { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "large" }] },
        container: { resources: { claims: [{ name: "gpu", request: "one" }] } },
      },
      { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "large", request: "one" }] },
    ],
    [
      "that one pod ends first",
      { spec: { strategy: { type: "Recreate" } } },
      { deploymentStrategy: { type: "Recreate" } },
    ],
    [
      "how many pods a rollout ends and adds",
      { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } },
      { deploymentStrategy: { maxSurge: 0, maxUnavailable: 1 } },
    ],
    [
      "nothing that the API server writes anyway",
      {
        spec: {
          ...{ progressDeadlineSeconds: 600, revisionHistoryLimit: 10, selector: {} },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
        },
        pod: {
          ...{ dnsPolicy: "ClusterFirst", restartPolicy: "Always", schedulerName: "default-scheduler" },
          ...{ securityContext: {}, terminationGracePeriodSeconds: 30 },
          ...{ serviceAccountName: "default", serviceAccount: "default" },
        },
        container: served("server", { image: "registry.example/iris:1" }),
      },
      {},
    ],
  ])("%s", (_what, old, entry) => {
    expect(entryOf(old)).toEqual(entry);
    expect(adopted(old).notes).toEqual([]);
  });

  test("null for what the defaults say and the old pods have not", () => {
    const defaults = {
      ...{
        nodeSelector: { pool: "a", zone: "b" },
        tolerations: [],
        podSpec: { hostname: "x" },
        maxReplicas: 3,
      },
    };
    const { entry } = adopted({ pod: { nodeSelector: { pool: "a" } } }, { defaults });
    expect(entry).toMatchObject({
      ...{ nodeSelector: { zone: null }, tolerations: null, podSpec: null, maxReplicas: null },
    });
  });
});

describe("podSpec has", () => {
  const probe = (fields: object) => ({
    startupProbe: { httpGet: null, grpc: null, ...fields },
    readinessProbe: { httpGet: null, grpc: null, ...fields },
  });
  const exec = { exec: { command: ["ready"] } };
  test.each<[what: string, old: OldOptions, entry: object]>([
    [
      "fields of the pod without a setting",
      { pod: { hostAliases: [{ ip: "10.0.0.1", hostnames: ["hub"] }], shareProcessNamespace: true } },
      { podSpec: { hostAliases: [{ ip: "10.0.0.1", hostnames: ["hub"] }], shareProcessNamespace: true } },
    ],
    [
      "the groups of the pod",
      { pod: { securityContext: { runAsUser: 7, fsGroup: 8, seccompProfile: { type: "RuntimeDefault" } } } },
      { runAsUser: 7, podSpec: { securityContext: { fsGroup: 8 } } },
    ],
    ["the working directory", { container: { workingDir: "/srv" } }, overServer({ workingDir: "/srv" })],
    [
      "what runs after the start",
      { container: { lifecycle: { postStart: exec } } },
      overServer({ lifecycle: { postStart: exec } }),
    ],
    [
      "a probe that asks no path of the model's port",
      { container: { readinessProbe: exec } },
      {
        readiness: { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
        ...overServer(probe(exec)),
      },
    ],
    [
      "a startup probe that asks another path than the readiness probe",
      { container: { startupProbe: { httpGet: { path: "/started", port: 8080 }, timeoutSeconds: 9 } } },
      {
        startupSeconds: 30,
        ...overServer({
          startupProbe: { httpGet: { path: "/started", port: 8080 }, grpc: null, timeoutSeconds: 9 },
        }),
      },
    ],
    [
      "a startup probe that runs a command",
      { container: { startupProbe: exec } },
      { startupSeconds: 30, ...overServer({ startupProbe: { httpGet: null, grpc: null, ...exec } }) },
    ],
    [
      "a startup probe that asks a path where the readiness probe runs a command",
      { container: { startupProbe: { httpGet: { path: "/", port: 8080 } }, readinessProbe: exec } },
      {
        ...{ startupSeconds: 30, readiness: { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 } },
        ...overServer({
          startupProbe: { httpGet: { path: "/", port: 8080 }, grpc: null, exec: null },
          readinessProbe: { httpGet: null, grpc: null, ...exec },
        }),
      },
    ],
    [
      "no startup probe that asks what the readiness probe asks",
      { container: { startupProbe: { ...exec, failureThreshold: 6 }, readinessProbe: exec } },
      {
        ...{ startupSeconds: 60, readiness: { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 } },
        ...overServer(probe(exec)),
      },
    ],
    [
      "what a hook asks, by the number of the port",
      {
        container: {
          ports: [{ name: "web", containerPort: 8080 }],
          lifecycle: { postStart: { httpGet: { path: "/warm", port: "web" } } },
        },
      },
      overServer({ lifecycle: { postStart: { httpGet: { path: "/warm", port: 8080 } } } }),
    ],
    [
      "a port by its number, since it has no name in the new container",
      {
        container: {
          ports: [{ containerPort: 8080 }, { name: "admin", containerPort: 8081 }],
          livenessProbe: { httpGet: { path: "/live", port: "admin" } },
        },
      },
      {
        liveness: { timeoutSeconds: 1, failureThreshold: 3 },
        ...overServer({
          livenessProbe: { httpGet: { path: "/live", port: 8081 }, grpc: null, tcpSocket: null },
        }),
      },
    ],
    [
      "a volume that no setting can say, with its mounts",
      {
        pod: { volumes: [{ name: "tmp", secret: { secretName: "tls", defaultMode: 256 } }] },
        container: { volumeMounts: [{ name: "tmp", mountPath: "/keys", readOnly: true }] },
      },
      {
        podSpec: {
          volumes: [{ name: "tmp-2", secret: { secretName: "tls", defaultMode: 256 } }],
          containers: [
            { name: "model", volumeMounts: [{ name: "tmp-2", mountPath: "/keys", readOnly: true }] },
          ],
        },
      },
    ],
    [
      "an empty volume on huge pages",
      {
        pod: { volumes: [{ name: "pages", emptyDir: { medium: "HugePages" } }] },
        container: { volumeMounts: [{ name: "pages", mountPath: "/pages" }] },
      },
      {
        podSpec: {
          volumes: [{ name: "pages", emptyDir: { medium: "HugePages" } }],
          containers: [{ name: "model", volumeMounts: [{ name: "pages", mountPath: "/pages" }] }],
        },
      },
    ],
    [
      "an empty volume that is mounted twice",
      {
        pod: { volumes: [{ name: "data", emptyDir: {} }] },
        container: {
          volumeMounts: [
            { name: "data", mountPath: "/a" },
            { name: "data", mountPath: "/b" },
          ],
        },
      },
      {
        podSpec: {
          volumes: [{ name: "data", emptyDir: {} }],
          containers: [
            {
              name: "model",
              volumeMounts: [
                { name: "data", mountPath: "/a" },
                { name: "data", mountPath: "/b" },
              ],
            },
          ],
        },
      },
    ],
  ])("%s", (_what, old, entry) => {
    expect(entryOf(old)).toEqual(entry);
  });
});
