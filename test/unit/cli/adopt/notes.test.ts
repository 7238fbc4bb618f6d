import { describe, expect, test } from "vitest";
import type { AutoscalerObject } from "../../../../cli/adopt/objects";
import { adopted, type OldOptions, SERVICE } from "./old";

const scaler = (spec: object, ownerReferences: { kind: string; name: string }[] = []): AutoscalerObject => ({
  metadata: { name: "iris-scaler", ownerReferences },
  spec: {
    maxReplicas: 10,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ],
    ...spec,
  },
});

describe("a note says", () => {
  test.each<[old: OldOptions, note: string]>([
    [{ container: { env: [] } }, "its server gets MODEL_NAME and PORT in addition"],
    [
      { container: { ports: [{ containerPort: 8080 }, { containerPort: 9090 }] } },
      "its port 9090 is not carried over: a model has one port, 8080",
    ],
    [
      { container: { resources: { limits: { cpu: "1" } } } },
      "it has no memory in resources.limits, where a model has 1Gi by default; set another amount if that is wrong",
    ],
    [
      { container: { readinessProbe: { periodSeconds: 5 } } },
      "it has no HTTP probe: /v2/health/ready must answer 200 when it can predict, or set readiness.path; otherwise the update fails, and the old pods go on",
    ],
    [
      { services: [{ ...SERVICE, spec: { ...SERVICE.spec, type: "NodePort" } }] },
      "its Service iris-cluster-ip is a NodePort, and that of a model a ClusterIP: clients of it must use the route",
    ],
    [
      { pod: { serviceAccountName: "reader" } },
      "its service account reader is carried over, but its token is not mounted: if the server calls the Kubernetes API, set podSpec.automountServiceAccountToken to true in catalog.iris",
    ],
    [
      { container: { lifecycle: { preStop: { sleep: { seconds: 5 } } } } },
      "its lifecycle.preStop is not carried over: the fleet has one of its own, by which a pod serves until it is out of the routes; drainSeconds says how long requests may take to end",
    ],
    [
      { container: { terminationMessagePolicy: "FallbackToLogsOnError" } },
      "its terminationMessagePolicy is not carried over: a log may hold a secret, and the state of the stack has what a container says at its end",
    ],
    [
      { container: { ports: [{ containerPort: 8080, hostPort: 80 }] } },
      "its port 80 of the node (hostPort) is not carried over: clients of it must use the route",
    ],
    [
      { container: { securityContext: { capabilities: { add: ["NET_ADMIN"] } } } },
      "its privileges (NET_ADMIN) are not carried over: the fleet's pods pass the restricted Pod Security Standard",
    ],
    [
      { pod: { securityContext: { seccompProfile: { type: "Unconfined" } } } },
      "its seccomp profile Unconfined is not carried over: every pod of a fleet has RuntimeDefault",
    ],
    [
      {
        pod: {
          initContainers: [
            { name: "own", image: "a/b:1", securityContext: { privileged: true, runAsUser: 1000 } },
          ],
        },
      },
      "its container own keeps its rights (privileged), which the fleet's namespace must admit",
    ],
    [
      { pod: { initContainers: [{ name: "own", image: "a/b:1", securityContext: { runAsUser: 0 } }] } },
      "its container own runs as root, so the model gets podSecurity: baseline, and the fleet's namespace must admit such pods; better give it another runAsUser",
    ],
    [
      { pod: { initContainers: [{ name: "own", image: "a/b:1", restartPolicy: "Never" }] } },
      "its container own has the restartPolicy Never, which is not carried over: initContainers has one of its own",
    ],
    [{ spec: { minReadySeconds: 5 } }, "its minReadySeconds is not carried over: no setting has it"],
    [
      {
        pod: {
          affinity: {
            podAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {
                  labelSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["iris"] }] },
                  topologyKey: "zone",
                },
              ],
            },
          },
        },
      },
      "its affinity looks at the label app, which its new pods do not have: correct catalog.iris.affinity",
    ],
    [
      { spec: { replicas: 3 }, autoscalers: [scaler({ minReplicas: 2 })] },
      "HorizontalPodAutoscaler iris-scaler scales the old Deployment, and the new one has as many pods as run now (3): once the old objects are gone, set maxReplicas: 10, minReplicas: 2, scaleTarget: 70 in catalog.iris, and remove its replicas",
    ],
    [
      {
        autoscalers: [scaler({ metrics: [{ type: "External" }] }, [{ kind: "ScaledObject", name: "iris" }])],
      },
      "ScaledObject iris scales the old Deployment, and the new one has as many pods as run now (1): once the old objects are gone, set maxReplicas: 10, a scaleMetric (docs/scaling.md) in catalog.iris, and remove its replicas, and delete the ScaledObject iris",
    ],
  ])("%j", (old, note) => {
    const { notes, problems } = adopted(old);
    expect(problems).toEqual([]);
    expect(notes).toEqual([note]);
  });
});

describe("a rule that may mean pods of other models too stays as it is, with a note", () => {
  const services = [{ ...SERVICE, spec: { ...SERVICE.spec, selector: { app: "models", model: "iris" } } }];
  const template = { labels: { app: "models", model: "iris", team: "garden" } };
  const placed = (matchLabels: object, selector: object = {}) => {
    const affinity = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels }, topologyKey: "zone" },
        ],
      },
    };
    const spread = {
      ...{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" },
      labelSelector: { matchLabels },
    };
    const pod = { affinity, topologySpreadConstraints: [spread] };
    return { pod, found: adopted({ services, template, pod, spec: { selector } }) };
  };
  test("by a part of the labels that the Service selects", () => {
    const { pod, found } = placed({ app: "models" });
    expect(found.entry).toMatchObject(pod);
    expect(found.notes).toEqual(
      ["affinity", "topologySpreadConstraints"].map(
        (field) =>
          `its ${field} looks at the label app, which its new pods do not have: correct catalog.iris.${field}`,
      ),
    );
  });

  test.each([
    [{ app: "models", model: "iris" }, {}],
    [{ app: "models", model: "iris", team: "garden" }, {}],
    [{ model: "iris" }, { matchLabels: { model: "iris" } }],
  ])("not by %j, where the Deployment's selector is %j", (matchLabels, selector) => {
    const { found } = placed(matchLabels, selector);
    expect(JSON.stringify(found.entry["affinity"])).toContain(
      '"labelSelector":{"matchLabels":{"app.kubernetes.io/name":"iris"}}',
    );
    expect(JSON.stringify(found.entry["topologySpreadConstraints"])).not.toContain("labelSelector");
    expect(found.notes).toEqual([]);
  });
});

test("a model that its autoscaler has scaled to zero starts with one pod, since nobody would wake the new one", () => {
  const spec = { replicas: 0 };
  expect(adopted({ spec, autoscalers: [scaler({})] }).entry).not.toHaveProperty("replicas");
  expect(adopted({ spec }).entry).toMatchObject({ replicas: 0 });
});

test("a note names what the pods need of their namespace if the fleet is in another one", () => {
  const old: OldOptions = {
    pod: {
      ...{ serviceAccountName: "reader", priorityClassName: "high" },
      ...{ automountServiceAccountToken: true },
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "weights" } }],
      initContainers: [{ name: "fetch", image: "a/b:1", envFrom: [{ secretRef: { name: "hub" } }] }],
    },
    container: { volumeMounts: [{ name: "data", mountPath: "/models" }] },
  };
  expect(adopted(old).notes).toEqual([]);
  expect(adopted(old, { namespace: "new" }).notes).toEqual([
    "its pods need PersistentVolumeClaim weights, Secret hub, ServiceAccount reader of namespace models, and the fleet is in namespace new: make the same there before the update",
  ]);
});
