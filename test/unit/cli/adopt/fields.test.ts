import type { types } from "@pulumi/kubernetes";
import { describe, expect, test } from "vitest";
import { without } from "../../../../config/merge";
import { adopted, type OldOptions } from "./old";

/** A value for every field of a type: one that a newer provider knows is missing here for the compiler. */
type All<T, Said extends keyof T = never> = Readonly<Record<Exclude<keyof T, Said>, unknown>>;

const ONE = { name: "one", image: "a/b:1" };
const OTHERS = { labelSelector: { matchLabels: { app: "wine" } }, topologyKey: "zone" };

// No template of a Deployment has ephemeral containers. `serviceAccount` is another name that the API server writes.
const POD: All<types.input.core.v1.PodSpec, "ephemeralContainers" | "serviceAccount"> = {
  activeDeadlineSeconds: 60,
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [OTHERS] } },
  automountServiceAccountToken: true,
  containers: [{ ...ONE, ports: [{ containerPort: 8080 }] }],
  dnsConfig: { options: [{ name: "ndots", value: "2" }] },
  dnsPolicy: "Default",
  enableServiceLinks: true,
  hostAliases: [{ ip: "10.0.0.1", hostnames: ["hub"] }],
  hostIPC: true,
  hostNetwork: true,
  hostPID: true,
  hostUsers: false,
  hostname: "iris",
  imagePullSecrets: [{ name: "pull" }],
  initContainers: [ONE],
  nodeName: "node",
  nodeSelector: { gpu: "a100" },
  os: { name: "linux" },
  overhead: { cpu: "1" },
  preemptionPolicy: "Never",
  priority: 7,
  priorityClassName: "high",
  readinessGates: [{ conditionType: "example.com/loaded" }],
  resourceClaims: [{ name: "gpu", resourceClaimName: "gpu" }],
  resources: { limits: { memory: "2Gi" } },
  restartPolicy: "OnFailure",
  runtimeClassName: "nvidia",
  schedulerName: "other",
  schedulingGates: [{ name: "example.com/gate" }],
  securityContext: { fsGroup: 7 },
  serviceAccountName: "reader",
  setHostnameAsFQDN: true,
  shareProcessNamespace: true,
  subdomain: "models",
  terminationGracePeriodSeconds: 120,
  tolerations: [{ key: "gpu", operator: "Exists" }],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
  volumes: [{ name: "data", emptyDir: {} }],
};

const CONTAINER: All<types.input.core.v1.Container, "name"> = {
  args: ["--fast"],
  command: ["serve"],
  env: [],
  envFrom: [{ secretRef: { name: "keys" } }],
  image: "registry.example/iris:2",
  imagePullPolicy: "Always",
  lifecycle: { preStop: { exec: { command: ["leave"] } } },
  livenessProbe: { exec: { command: ["live"] } },
  ports: [{ containerPort: 8080, hostPort: 80 }],
  readinessProbe: { exec: { command: ["ready"] } },
  resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }],
  resources: { limits: { cpu: "2" } },
  restartPolicy: "Never",
  securityContext: { runAsUser: 7 },
  startupProbe: { httpGet: { path: "/", port: 8080 }, failureThreshold: 700 },
  stdin: true,
  stdinOnce: true,
  terminationMessagePath: "/tmp/end",
  terminationMessagePolicy: "FallbackToLogsOnError",
  tty: true,
  volumeDevices: [{ name: "disk", devicePath: "/dev/disk" }],
  volumeMounts: [{ name: "data", mountPath: "/data" }],
  workingDir: "/srv",
};

// All pods of a fleet drop all capabilities.
const POD_SECURITY: All<types.input.core.v1.PodSecurityContext> = {
  appArmorProfile: { type: "RuntimeDefault" },
  fsGroup: 7,
  fsGroupChangePolicy: "OnRootMismatch",
  runAsGroup: 7,
  runAsNonRoot: false,
  runAsUser: 7,
  seLinuxChangePolicy: "Recursive",
  seLinuxOptions: { level: "s0" },
  seccompProfile: { type: "Unconfined" },
  supplementalGroups: [7],
  supplementalGroupsPolicy: "Strict",
  sysctls: [{ name: "net.ipv4.tcp_keepalive_time", value: "60" }],
  windowsOptions: { runAsUserName: "user" },
};

const SECURITY: All<types.input.core.v1.SecurityContext> = {
  allowPrivilegeEscalation: true,
  appArmorProfile: { type: "RuntimeDefault" },
  capabilities: { add: ["NET_ADMIN"] },
  privileged: true,
  procMount: "Unmasked",
  readOnlyRootFilesystem: true,
  runAsGroup: 7,
  runAsNonRoot: false,
  runAsUser: 7,
  seLinuxOptions: { level: "s0" },
  seccompProfile: { type: "Localhost", localhostProfile: "own" },
  windowsOptions: { runAsUserName: "user" },
};

// `startupSeconds` takes the place of a first delay.
const PROBE: All<types.input.core.v1.Probe, "initialDelaySeconds"> = {
  exec: { command: ["ready"] },
  failureThreshold: 7,
  grpc: { port: 8080 },
  httpGet: { path: "/ready", port: 8080, httpHeaders: [{ name: "Host", value: "iris" }] },
  periodSeconds: 7,
  successThreshold: 7,
  tcpSocket: { port: 8081 },
  terminationGracePeriodSeconds: 7,
  timeoutSeconds: 7,
};

describe("no field is lost without a word: the settings, a note or a problem have it", () => {
  const HTTP = { httpGet: { path: "/ready", port: 8080 } };
  const asks = (probe: object) => ["httpGet", "exec", "grpc", "tcpSocket"].some((one) => one in probe);
  // A Secret for pulling is read where all models are planned.
  const pod = without(POD, ["imagePullSecrets"]);
  const fields = (all: object, of: (one: object) => OldOptions, base: OldOptions = {}) =>
    Object.entries(all).map(([field, value]) => ({ field, old: of({ [field]: value as unknown }), base }));

  test.each(fields(pod, (one) => ({ pod: one })))("$field of a pod", ({ old, base }) => {
    expect(adopted(old)).not.toEqual(adopted(base));
  });
  const volumes = [{ name: "data", emptyDir: {} }];
  test.each(fields(CONTAINER, (container) => ({ container, pod: { volumes } }), { pod: { volumes } }))(
    "$field of a container",
    ({ old, base }) => {
      expect(adopted(old)).not.toEqual(adopted(base));
    },
  );
  test.each(fields(POD_SECURITY, (one) => ({ pod: { securityContext: { ...one } } })))(
    "$field of a pod's security",
    ({ old, base }) => {
      expect(adopted(old)).not.toEqual(adopted(base));
    },
  );
  test.each(fields(SECURITY, (one) => ({ container: { securityContext: { ...one } } })))(
    "$field of a container's security",
    ({ old, base }) => {
      expect(adopted(old)).not.toEqual(adopted(base));
    },
  );
  test.each(
    ["readinessProbe", "livenessProbe"].flatMap((probe) =>
      fields(PROBE, (one) => ({ container: { [probe]: asks(one) ? one : { ...HTTP, ...one } } }), {
        container: { [probe]: HTTP },
      }).map((one) => ({ ...one, probe })),
    ),
  )("$field of a $probe", ({ old, base }) => {
    expect(adopted(old)).not.toEqual(adopted(base));
  });

  test("one of a newer Kubernetes, which goes to podSpec", () => {
    const { entry } = adopted({ pod: { newField: 1 }, container: { newField: 2 } });
    expect(entry["podSpec"]).toEqual({ newField: 1, containers: [{ name: "model", newField: 2 }] });
  });
});
