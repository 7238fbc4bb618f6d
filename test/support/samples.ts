import { IMAGE, onGateway } from "./settings";

/** Two values of a setting, and further settings that it needs. */
export type Sample = [one: unknown, other: unknown, beside?: Record<string, unknown>];

const REGISTRY = { server: "a.example", username: "u", password: "p" };
const BACKEND = { defaultBackend: { image: IMAGE } };
const ON_GATEWAY = { routing: { flavour: "gateway" } };
const ANY_ORIGIN = {
  routing: { flavour: "gateway", cors: { allowOrigins: ["*"] } },
  gateway: { name: "shared" },
};
const WATCHED = { monitoring: { scrape: "podMonitor" }, catalog: { iris: { metrics: {} } } };
const CLOSED = { networkPolicy: { from: [{ namespace: "a" }] } };
const OWN_GATEWAY = { ...ON_GATEWAY, gateway: { create: true, className: "a" } };

const BY_RPS = { catalog: { iris: { maxReplicas: 2, scaleMetric: "rps", scaleTarget: 1 } } };

/** Settings that affect the ownership check or the reading of files, and not the registered resources. */
export const ELSEWHERE = [
  "adopt",
  "clusterId",
  "maxDeletions",
  "catalogPath",
  "nodeAutoscaling",
  "storage.requirePinned",
];

/** Every other setting of the fleet. */
export const FLEET: Record<string, Sample> = {
  models: ["iris", "iris,wine"],
  namespace: ["a", "b"],
  labels: [{ team: "a" }, { team: "b" }],
  annotations: [{ "example.com/x": "a" }, { "example.com/x": "b" }],
  defaults: [
    { image: IMAGE, port: 1 },
    { image: IMAGE, port: 2 },
  ],
  catalog: [{ iris: { port: 1 } }, { iris: { port: 2 } }],
  resourceProfiles: [
    { a: { limits: { cpu: "1" } } },
    { a: { limits: { cpu: "2" } } },
    { catalog: { iris: { resourceProfile: "a" } } },
  ],
  "scaling.prometheusUrl": ["http://a:9090", "http://b:9090", BY_RPS],
  "scaling.metrics": [{ rps: { external: "a" } }, { rps: { external: "b" } }, BY_RPS],
  secrets: [{ iris: { A: "1" } }, { iris: { A: "2" } }],
  runtimes: [{ a: { image: "a/b:1" } }, { a: { image: "a/b:2" } }, { defaults: { runtime: "a" } }],
  "storage.initializerImage": ["a/b:1", "a/b:2", { catalog: { iris: { storageUri: "s3://bucket/a" } } }],
  "registry.server": ["a.example", "b.example", { registry: REGISTRY }],
  "registry.username": ["a", "b", { registry: REGISTRY }],
  "registry.password": ["a", "b", { registry: REGISTRY }],
  "routing.pathPrefix": ["/a", "/b"],
  "routing.host": ["a.example", "b.example"],
  "routing.formerPathPrefixes": [["/a"], ["/b"]],
  "routing.additionalHosts": [["b.example"], ["c.example"], { routing: { host: "a.example" } }],
  "routing.hostTemplate": ["{id}.a.example", "{id}.b.example"],
  "routing.url": ["https://a.example", "https://b.example"],
  "routing.timeoutSeconds": [1, 2],
  "routing.maxBodySize": ["1Mi", "2Mi"],
  "routing.retired": [{ a: "iris" }, { b: "iris" }, { routing: BACKEND }],
  "routing.tls.secretName": ["a", "b", { routing: { host: "a.example" } }],
  "routing.tls.redirect": [true, false, { routing: { host: "a.example" } }],
  "routing.defaultBackend.image": ["a/b:1", "a/b:2", { routing: BACKEND }],
  "routing.defaultBackend.resources.requests": [{ cpu: "1" }, { cpu: "2" }, { routing: BACKEND }],
  "routing.defaultBackend.resources.limits": [{ cpu: "1" }, { cpu: "2" }, { routing: BACKEND }],
  "routing.flavour": ["ingress", "gateway", { gateway: { name: "shared" } }],
  "routing.cors.allowOrigins": [["https://a.example"], ["https://b.example"], ANY_ORIGIN],
  "routing.cors.allowMethods": [["GET"], ["POST"], ANY_ORIGIN],
  "routing.cors.allowHeaders": [["A"], ["B"], ANY_ORIGIN],
  "routing.cors.exposeHeaders": [["A"], ["B"], ANY_ORIGIN],
  "routing.cors.allowCredentials": [true, false, ANY_ORIGIN],
  "routing.cors.maxAgeSeconds": [1, 2, ANY_ORIGIN],
  "routing.openai": [true, false, onGateway(BACKEND)],
  "routing.modelHeader": ["a", "b", onGateway({ openai: true, ...BACKEND })],
  "monitoring.scrape": ["annotations", "podMonitor", { catalog: { iris: { metrics: {} } } }],
  "monitoring.labels": [{ team: "a" }, { team: "b" }, WATCHED],
  "networkPolicy.enabled": [true, false, CLOSED],
  "networkPolicy.from": [[{ namespace: "a" }], [{ cidr: "10.0.0.0/8" }]],
  "networkPolicy.to": [[{ namespace: "a" }], [{ model: "iris", ports: [80] }], CLOSED],
  "ingress.className": ["nginx", "traefik"],
  "ingress.controller": ["nginx", "none", { ingress: { className: "internal" } }],
  "gateway.name": ["a", "b", ON_GATEWAY],
  "gateway.namespace": ["a", "b", { ...ON_GATEWAY, gateway: { name: "shared" } }],
  "gateway.sectionName": ["a", "b", { ...ON_GATEWAY, gateway: { name: "shared" } }],
  "gateway.create": [true, false, { ...ON_GATEWAY, gateway: { name: "shared", className: "a" } }],
  "gateway.className": ["a", "b", OWN_GATEWAY],
  "gateway.httpPort": [80, 8080, OWN_GATEWAY],
  "gateway.httpsPort": [
    443,
    8443,
    { ...OWN_GATEWAY, routing: { flavour: "gateway", host: "a.example", tls: { secretName: "a" } } },
  ],
  "gateway.annotations": [{ "example.com/x": "a" }, { "example.com/x": "b" }, OWN_GATEWAY],
  "ingress.annotations": [{ "example.com/x": "a" }, { "example.com/x": "b" }],
};

/** Settings of a model that affect no object: what is allowed in plain text. */
export const UNSEEN = ["plain"];

/** Every setting of a model, without {@link UNSEEN}. */
export const MODEL: Record<string, Sample> = {
  image: ["a/b:1", "a/b:2"],
  args: [["a"], ["b"]],
  command: [["a"], ["b"]],
  imagePullPolicy: ["Always", "Never"],
  env: [{ A: "1" }, { A: { secretKeyRef: { name: "a", key: "b" } } }],
  volumes: [{ a: { mountPath: "/a", pvc: "a" } }, { a: { mountPath: "/a", configMap: "a" } }],
  shm: ["1Mi", "2Mi"],
  "metrics.port": [1, 2],
  "metrics.path": ["/a", "/b"],
  envFrom: [[{ secretRef: { name: "a" } }], [{ configMapRef: { name: "a" }, prefix: "A_" }]],
  runtime: ["vllm", "sglang", { storageUri: "s3://bucket/a" }],
  storageUri: ["s3://bucket/a", "s3://bucket/b"],
  modelPath: ["/a", "/b", { storageUri: "s3://bucket/a" }],
  revision: ["a", "b", { storageUri: "hf://a/b" }],
  sha256: ["a".repeat(64), "b".repeat(64), { storageUri: "s3://bucket/a.onnx" }],
  cache: ["a", "b", { storageUri: "s3://bucket/a" }],
  "streams.hf": [["a"], ["b"], { storageUri: "hf://a/b" }],
  "streams.s3": [["a"], ["b"], { storageUri: "s3://bucket/a" }],
  "streams.gs": [["a"], ["b"], { storageUri: "gs://bucket/a" }],
  serviceAccountName: ["a", "b"],
  "serviceAccount.annotations": [{ "example.com/x": "a" }, { "example.com/x": "b" }],
  port: [1, 2],
  replicas: [1, 2],
  minReplicas: [1, 2, { maxReplicas: 3 }],
  maxReplicas: [1, 2],
  scaleMetric: ["cpu", "memory", { maxReplicas: 3 }],
  scaleTarget: [50, 60, { maxReplicas: 3 }],
  scaleDownDelaySeconds: [1, 2, { maxReplicas: 3 }],
  disruptionBudget: [{ maxUnavailable: 1 }, { minAvailable: "50%" }, { replicas: 3 }],
  "resources.requests": [{ cpu: "1" }, { cpu: "2" }],
  "resources.limits": [{ cpu: "1" }, { cpu: "2" }],
  resourceClaims: [[{ name: "a", resourceClaimName: "a" }], [{ name: "a", resourceClaimTemplateName: "a" }]],
  nodeSelector: [{ zone: "a" }, { zone: "b" }],
  affinity: [
    { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "a" }] } },
    { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "b" }] } },
  ],
  tolerations: [[{ key: "a" }], [{ key: "b" }]],
  priorityClassName: ["a", "b"],
  runtimeClassName: ["a", "b"],
  topologySpreadConstraints: [
    [{ maxSkew: 1, topologyKey: "a", whenUnsatisfiable: "DoNotSchedule" }],
    [{ maxSkew: 2, topologyKey: "a", whenUnsatisfiable: "DoNotSchedule" }],
  ],
  spareGpus: [true, false, { resources: { limits: { "nvidia.com/gpu": 1 } } }],
  "deploymentStrategy.type": ["RollingUpdate", "Recreate"],
  "deploymentStrategy.maxSurge": [1, "50%"],
  "deploymentStrategy.maxUnavailable": [1, "50%"],
  drainSeconds: [1, 2],
  protect: [true, false],
  "readiness.path": ["/a", "/b"],
  "readiness.periodSeconds": [1, 2],
  "readiness.timeoutSeconds": [1, 2],
  "readiness.failureThreshold": [1, 2],
  "liveness.path": ["/a", "/b"],
  "liveness.periodSeconds": [1, 2],
  "liveness.timeoutSeconds": [1, 2],
  "liveness.failureThreshold": [1, 2],
  startupSeconds: [1, 2],
  runAsUser: [1, 2],
  readOnlyRootFilesystem: [true, false],
  initContainers: [[{ name: "a", image: "a/b:1" }], [{ name: "a", image: "a/b:2" }]],
  sidecars: [[{ name: "a", image: "a/b:1" }], [{ name: "a", image: "a/b:2" }]],
  podSpec: [{ hostname: "a" }, { hostname: "b" }],
  protocol: ["http", "grpc", { host: "a.example" }],
  podSecurity: ["restricted", "baseline"],
  path: ["/a", "/b"],
  aliases: [["/a"], ["/b"]],
  host: ["a.example", "b.example"],
  labels: [{ team: "a" }, { team: "b" }],
  annotations: [{ "example.com/x": "a" }, { "example.com/x": "b" }],
  "service.labels": [{ team: "a" }, { team: "b" }],
  "service.annotations": [{ "example.com/x": "a" }, { "example.com/x": "b" }],
};

/** Settings that need something of the fleet. */
export const NEEDING: Record<string, Sample> = {
  "network.from": [[{ namespace: "a" }], [{ podLabels: { app: "a" } }], CLOSED],
  "network.to": [[{ cidr: "10.0.0.0/8" }], [{ cidr: "10.0.0.0/8", except: ["10.0.0.0/9"] }], CLOSED],
  resourceProfile: ["a:1", "a:2", { resourceProfiles: { a: { limits: { "nvidia.com/gpu": 1 } } } }],
};

/** The settings of a model's HTTPRoute. */
export const ROUTE: Record<string, Sample> = {
  "route.annotations": [{ "example.com/x": "a" }, { "example.com/x": "b" }],
  "route.timeoutSeconds": [1, 2],
};

const TWO = { variants: { default: {}, b: {} } };

/** The settings about variants. */
export const VARIANTS: Record<string, Sample> = {
  champion: ["default", "b", TWO],
  variants: [{ default: {} }, { default: {}, b: {} }, { champion: "default" }],
};

/** The settings of a variant's share. */
export const SHARE: Record<string, Sample> = {
  trafficPercent: [10, 20],
  mirrorPercent: [10, 20],
  headers: [{ "x-variant": "b" }, { "x-variant": "c" }],
};

/** Settings with a value at a path. */
export function withValue(
  settings: Record<string, unknown>,
  path: string,
  value: unknown,
): Record<string, unknown> {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...settings, [key]: value };
  const inner = (settings[key] ?? {}) as Record<string, unknown>;
  return { ...settings, [key]: withValue(inner, rest.join("."), value) };
}
