import { describe, expect, test } from "vitest";
import { modelStatuses, stateOf } from "../../../../cli/status/model-status";
import type { Deployment, FleetObjects } from "../../../../cli/status/objects";

const CREATED = "2026-01-01T00:00:00Z";
const ROLLED_OUT = "2026-01-02T00:00:00Z";

const DONE = {
  observedGeneration: 2,
  replicas: 2,
  updatedReplicas: 2,
  readyReplicas: 2,
  availableReplicas: 2,
};

function deployment(
  name: string,
  status: NonNullable<Deployment["status"]> = DONE,
  replicas = 2,
): Deployment {
  return {
    metadata: {
      ...{ name, uid: `uid-of-${name}`, generation: 2, creationTimestamp: CREATED },
      annotations: { "deployment.kubernetes.io/revision": "2" },
    },
    spec: { replicas, template: { spec: { containers: [{ image: `${name}:1` }] } } },
    status,
  };
}

function autoscaled(text: string, status: NonNullable<Deployment["status"]>): Deployment {
  const { metadata, ...others } = deployment("iris", status, 0);
  return { ...others, metadata: { ...metadata, annotations: { "modelfleet.dev/autoscaled": text } } };
}

const progressing = (status: string, reason: string) => [{ type: "Progressing", status, reason }];

describe("a Deployment is", () => {
  test.each<[string, string, Deployment]>([
    ["ready", "all pods are of the release and available", deployment("iris")],
    ["paused", "no pods are wanted and none are left", deployment("iris", { observedGeneration: 2 }, 0)],
    [
      "scaled-to-zero",
      "its autoscaler may leave it without pods",
      autoscaled("scaledobject 0-2", { observedGeneration: 2 }),
    ],
    [
      "paused",
      "its autoscaler may not, so that it was somebody else",
      autoscaled("horizontalpodautoscaler 1-10", { observedGeneration: 2 }),
    ],
    ["rolling-out", "pods that the autoscaler ends are left", autoscaled("scaledobject 0-2", DONE)],
    [
      "rolling-out",
      "pods of a paused model are left",
      deployment("iris", { ...DONE, updatedReplicas: 0 }, 0),
    ],
    ["rolling-out", "the controller has not seen it yet", deployment("iris", {})],
    [
      "rolling-out",
      "an earlier status says that it is complete",
      deployment("iris", { ...DONE, observedGeneration: 1 }),
    ],
    [
      "rolling-out",
      "pods of an earlier release are ready and the new ones have time left",
      deployment("iris", {
        ...{ ...DONE, replicas: 3, updatedReplicas: 1 },
        conditions: progressing("True", "ReplicaSetUpdated"),
      }),
    ],
    [
      "not-ready",
      "pods of an earlier release are ready and the new ones have no time left",
      deployment("iris", {
        ...{ ...DONE, replicas: 3, updatedReplicas: 1 },
        conditions: progressing("False", "ProgressDeadlineExceeded"),
      }),
    ],
    [
      "not-ready",
      "a pod fails after the rollout",
      deployment("iris", {
        ...{ ...DONE, availableReplicas: 1 },
        conditions: progressing("True", "NewReplicaSetAvailable"),
      }),
    ],
    [
      "not-ready",
      "the API server refuses its pods",
      deployment("iris", {
        ...{ observedGeneration: 2, conditions: [{ type: "ReplicaFailure", status: "True" }] },
      }),
    ],
    [
      "deleting",
      "it has a time of deletion",
      {
        ...deployment("iris"),
        metadata: { ...deployment("iris").metadata, deletionTimestamp: CREATED },
      },
    ],
  ])("%s if %s", (state, _why, one) => {
    expect(stateOf(one)).toBe(state);
  });
});

const LAST = {
  namespace: "models",
  models: [
    { id: "wine", replicas: 3, image: "wine:7", url: "http://m.example/models/wine" },
    { id: "iris", replicas: 2, image: "iris:0", url: "http://m.example/models/iris" },
  ],
};

const OBJECTS: FleetObjects = {
  deployments: [deployment("stray"), deployment("modelfleet-default-backend"), deployment("iris")],
  replicaSets: [
    ...["1", "2"].map((revision) => ({
      metadata: {
        ...{ name: `iris-${revision}`, uid: `uid-${revision}` },
        creationTimestamp: revision === "2" ? ROLLED_OUT : CREATED,
        annotations: { "deployment.kubernetes.io/revision": revision },
        ownerReferences: [{ uid: "uid-of-iris" }],
      },
    })),
  ],
  ingresses: [
    { spec: { rules: [{ http: { paths: [{ backend: { service: { name: "iris" } } }, {}] } }, {}] } },
    {},
  ],
  httpRoutes: [],
};

test("a model has a route by an HTTPRoute too", () => {
  const httpRoutes = [{ spec: { rules: [{ backendRefs: [{ name: "iris" }] }, {}] } }, {}];
  const [iris] = modelStatuses(LAST, { ...OBJECTS, ingresses: [], httpRoutes });
  expect(iris?.routed).toBe(true);
  const [none] = modelStatuses(LAST, { ...OBJECTS, ingresses: [] });
  expect(none?.routed).toBe(false);
});

test("the models are those of the last update and of the cluster, without the default backend", () => {
  expect(modelStatuses(LAST, OBJECTS)).toEqual([
    {
      ...{ id: "iris", state: "ready", ready: 2, replicas: 2, image: "iris:1" },
      ...{ created: CREATED, rolledOut: ROLLED_OUT },
      ...{ url: "http://m.example/models/iris", routed: true, inLastUpdate: true },
    },
    {
      ...{ id: "stray", state: "ready", ready: 2, replicas: 2, image: "stray:1" },
      ...{ created: CREATED, rolledOut: null, url: null, routed: false, inLastUpdate: false },
    },
    {
      ...{ id: "wine", state: "missing", ready: 0, replicas: 3, image: "wine:7" },
      ...{ created: null, rolledOut: null },
      ...{ url: "http://m.example/models/wine", routed: false, inLastUpdate: true },
    },
  ]);
});

test("a model with variants has a status of each, the champion first, and only that needs a route", () => {
  const variants = {
    b: { image: "iris:2", replicas: 2, trafficPercent: 100 },
    a: { image: "iris:1", replicas: 1, trafficPercent: 0, headers: { "x-variant": "a" } },
  };
  const iris = { id: "iris", replicas: 2, image: "iris:2", url: "/models/iris", champion: "b", variants };
  const named = (name: string, labels: Record<string, string>) => {
    const one = deployment(name);
    return { ...one, metadata: { ...one.metadata, labels } };
  };
  const gone = named("iris-old", { "app.kubernetes.io/name": "iris", "modelfleet.dev/variant": "old" });
  const objects = {
    ...OBJECTS,
    deployments: [named("iris-a", {}), named("iris-b", {}), gone],
    ingresses: [],
  };
  const shown = modelStatuses({ namespace: "models", models: [iris] }, objects);
  expect(
    shown.map(({ id, variant, champion, routed, inLastUpdate }) => [
      id,
      variant,
      champion,
      routed,
      inLastUpdate,
    ]),
  ).toEqual([
    ["iris", "b", true, false, true],
    ["iris", "a", false, true, true],
    ["iris", "old", false, false, false],
  ]);
  expect(shown[1]?.share).toEqual({ trafficPercent: 0, headers: { "x-variant": "a" } });
});
