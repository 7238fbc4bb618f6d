import type { types } from "@pulumi/kubernetes";
import { describe, expect, test } from "vitest";
import { isMap, without } from "../../../../config/merge";
import { leavesOf } from "../../../../config/plain-values";
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

/** What the entry has where it says a field in another way. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  containers: ["a/b:1"],
  // Its budget is startupSeconds.
  startupProbe: ["7000"],
  "startupProbe.failureThreshold": ["70"],
  "startupProbe.periodSeconds": ["21"],
  // As it is by default, and the entry of the other has a false.
  readOnlyRootFilesystem: [],
};

/** All keys and values of a map. */
function wordsOf(map: object): string[] {
  return leavesOf(map).flatMap(({ path, value }) => [...path.map(String), value]);
}

/** The value of a field anywhere in an old model. */
function valueIn(old: unknown, field: string): unknown {
  if (!isMap(old)) return undefined;
  return (
    old[field] ??
    Object.values(old)
      .map((one) => valueIn(one, field))
      .find((one) => one !== undefined)
  );
}

describe("no field is lost without a word: the settings, a note or a problem have it", () => {
  const HTTP = { httpGet: { path: "/ready", port: 8080 } };
  const asks = (probe: object) => ["httpGet", "exec", "grpc", "tcpSocket"].some((one) => one in probe);
  // A Secret for pulling is read where all models are planned.
  const pod = without(POD, ["imagePullSecrets"]);
  const fields = (all: object, of: (one: object) => OldOptions, base: OldOptions = {}) =>
    Object.entries(all).map(([field, value]) => ({ field, old: of({ [field]: value as unknown }), base }));
  /** The values of a field are in the entry or in a remark, or a remark names the field. */
  const expectSaid = (field: string, old: OldOptions, base: OldOptions, place = field) => {
    const { entry, ...found } = adopted(old);
    const before = adopted(base);
    expect({ entry, ...found }).not.toEqual(before);
    const remarks = [...found.notes, ...found.problems].filter(
      (one) => ![...before.notes, ...before.problems].includes(one),
    );
    const known = wordsOf(entry);
    const words = OTHERWISE[place] ?? leavesOf(valueIn(old, field)).map(({ value }) => value);
    const lost = words.filter((word) => !known.includes(word) && !remarks.some((one) => one.includes(word)));
    if (!remarks.some((one) => one.includes(field))) expect(lost).toEqual([]);
  };

  test.each(fields(pod, (one) => ({ pod: one })))("$field of a pod", ({ field, old, base }) => {
    expectSaid(field, old, base);
  });
  const volumes = [{ name: "data", emptyDir: {} }];
  test.each(fields(CONTAINER, (container) => ({ container, pod: { volumes } }), { pod: { volumes } }))(
    "$field of a container",
    ({ field, old, base }) => {
      expectSaid(field, old, base);
    },
  );
  test.each(fields(POD_SECURITY, (one) => ({ pod: { securityContext: { ...one } } })))(
    "$field of a pod's security",
    ({ field, old, base }) => {
      expectSaid(field, old, base);
    },
  );
  test.each(fields(SECURITY, (one) => ({ container: { securityContext: { ...one } } })))(
    "$field of a container's security",
    ({ field, old, base }) => {
      expectSaid(field, old, base);
    },
  );
  test.each(
    ["readinessProbe", "livenessProbe", "startupProbe"].flatMap((probe) =>
      fields(PROBE, (one) => ({ container: { [probe]: asks(one) ? one : { ...HTTP, ...one } } }), {
        container: { [probe]: HTTP },
      }).map((one) => ({ ...one, probe })),
    ),
  )("$field of a $probe", ({ field, old, base, probe }) => {
    expectSaid(field, old, base, `${probe}.${field}`);
  });

  test("one of a newer Kubernetes, which goes to podSpec", () => {
    const { entry } = adopted({ pod: { newField: 1 }, container: { newField: 2 } });
    expect(entry["podSpec"]).toEqual({ newField: 1, containers: [{ name: "model", newField: 2 }] });
  });
});
