import { describe, expect, test, vi } from "vitest";
import { fleetStatus } from "../../../../cli/status/fleet-status";
import { following } from "../../../../cli/status/status";
import { connect } from "../../../../kubernetes/api";
import { apiServer, type Reply } from "../../../support/api-server";

const OWNER =
  "app.kubernetes.io%2Fpart-of%3Dmodelfleet%2Capp.kubernetes.io%2Fmanaged-by%3Dpulumi%2Capp.kubernetes.io%2Finstance%3Dprod";
const APPS = "/apis/apps/v1/namespaces/models";
const DEPLOYMENTS = `GET ${APPS}/deployments?labelSelector=${OWNER}`;
const REPLICA_SETS = `GET ${APPS}/replicasets?labelSelector=app.kubernetes.io%2Finstance%3Dprod`;
const INGRESSES = `GET /apis/networking.k8s.io/v1/namespaces/models/ingresses?labelSelector=${OWNER}`;
const HTTP_ROUTES = `GET /apis/gateway.networking.k8s.io/v1/namespaces/models/httproutes?labelSelector=${OWNER}`;
const POD_OF = (id: string) =>
  `GET /api/v1/namespaces/models/pods?labelSelector=app.kubernetes.io%2Fname%3D${id}%2Capp.kubernetes.io%2Finstance%3Dprod%2Cmodelfleet.dev%2Fvariant%3Ddefault`;

const KEY = "key-of-a-server-4711";
const CREATED = "2026-01-01T00:00:00Z";
const refused = {
  type: "ReplicaFailure",
  status: "True",
  reason: "Forbidden",
  message: `exceeded quota\n${KEY}`,
};

function deployment(name: string, status: object) {
  return {
    metadata: { name, uid: name, generation: 1, creationTimestamp: CREATED },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { spec: { containers: [{ image: "server:1" }] } },
    },
    status: { observedGeneration: 1, ...status },
  };
}

const READY = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
const items = (...all: object[]): Reply => [200, { items: all }];
const refusal = (what: string): Reply => [403, { message: `no list of ${what}` }];

const LARGE = deployment("large", { conditions: [refused] });
const paths = ["iris", "large", "wine"].map((name) => ({ backend: { service: { name } } }));
const REPLIES: Readonly<Record<string, Reply>> = {
  [DEPLOYMENTS]: items(deployment("iris", READY), LARGE),
  [REPLICA_SETS]: items(),
  [INGRESSES]: items({ spec: { rules: [{ http: { paths } }] } }),
  [`GET ${APPS}/deployments/large`]: [200, LARGE],
  [`GET ${APPS}/replicasets?labelSelector=app%3Dlarge`]: items(),
  ["GET /api/v1/namespaces/models/pods?labelSelector=app%3Dlarge"]: items(),
};

const models = ["iris", "large"].map((id) => ({ id, replicas: 1, image: "server:1", url: `/models/${id}` }));

/** Asks for the status of a fleet in a cluster with other replies, and says what was asked. */
async function statusWith(replies: Readonly<Record<string, Reply>> = {}, id?: string, last = models) {
  const { cluster, asked } = await apiServer({ ...REPLIES, ...replies });
  const fleet = {
    ...{ api: connect(cluster), stack: "prod", namespace: "models", models: last, secrets: [KEY] },
    lastUpdate: () => Promise.reject(new Error("not asked")),
  };
  return { status: await fleetStatus(fleet, id), asked };
}

const problemsIn = ({ models: shown }: Awaited<ReturnType<typeof statusWith>>["status"]) =>
  Object.fromEntries(shown.map((model) => [model.id, model.problems]));

describe("the status of a fleet", () => {
  test("takes one request per kind, and more only for a model that is not right", async () => {
    const { status, asked } = await statusWith();
    expect(problemsIn(status)).toEqual({
      iris: [],
      large: [
        {
          problem:
            'model "large" is not ready; nothing of it serves: the API server refuses its pods: Forbidden: exceeded quota [secret]',
          fix: "lower catalog.large.resources, or ask for a larger quota, and run `pulumi up` again",
        },
      ],
    });
    expect(asked.slice(0, 4).sort()).toEqual([DEPLOYMENTS, REPLICA_SETS, INGRESSES, HTTP_ROUTES].sort());
    expect(asked.slice(4).filter((line) => !line.includes("large"))).toEqual([]);
  });

  test("says what the cluster lacks, what it has in addition, and what has no route", async () => {
    const { status } = await statusWith(
      {
        [DEPLOYMENTS]: items(deployment("iris", READY), deployment("stray", READY)),
        [INGRESSES]: items(),
      },
      undefined,
      models,
    );
    expect(problemsIn(status)).toEqual({
      iris: [
        {
          problem:
            'model "iris" has no route: no Ingress and no HTTPRoute of stack "prod" leads to Service "iris"',
          fix: "`pulumi up --refresh` restores it",
        },
      ],
      large: [
        {
          problem: 'model "large" of the last update is missing in namespace "models" of the cluster',
          fix: "`pulumi up --refresh` creates it again",
        },
      ],
      stray: [
        {
          problem: 'model "stray" is in the cluster, and not in the last update of stack "prod"',
          fix: expect.stringContaining("`kubectl delete deployment,service stray --namespace models`"),
        },
      ],
    });
  });

  test("calls a model that is starting no failure", async () => {
    const starting = deployment("large", { replicas: 1, updatedReplicas: 1 });
    const { status } = await statusWith({
      [DEPLOYMENTS]: items(starting),
      [`GET ${APPS}/deployments/large`]: [200, starting],
    });
    expect(problemsIn(status)["large"]?.map(({ problem }) => problem)).toEqual([
      "deployment/large is being rolled out: its new pods are starting",
    ]);
  });

  test("has a problem of the default backend beside those of the models", async () => {
    const name = "modelfleet-default-backend";
    const backend = deployment(name, { conditions: [refused] });
    const { status } = await statusWith({
      [DEPLOYMENTS]: items(deployment("iris", READY), backend),
      [`GET ${APPS}/deployments/${name}`]: [200, backend],
      [`GET ${APPS}/replicasets?labelSelector=app%3D${name}`]: items(),
      [`GET /api/v1/namespaces/models/pods?labelSelector=app%3D${name}`]: items(),
    });
    expect(status.problems.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/^the default backend is not ready; .* exceeded quota \[secret\]$/),
    ]);
  });

  test("is shown without reasons if the account may not look at a model's objects", async () => {
    const { status } = await statusWith({ [`GET ${APPS}/deployments/large`]: refusal("it") });
    expect(problemsIn(status)["large"]?.[0]?.problem).toMatch(
      /^large is not ready, and its pods cannot be looked at: .* refuses to get deployment large \(403: no list of it\); ask for that right/,
    );
  });
});

describe("the status of one model", () => {
  test("has the model alone, with its pods, the oldest first", async () => {
    const pod = (name: string, creationTimestamp: string, more: object = {}) => ({
      ...{ metadata: { name, uid: name, creationTimestamp }, ...more },
    });
    const running = {
      spec: { nodeName: "node-1" },
      status: { conditions: [{ type: "Ready", status: "True" }], containerStatuses: [{ restartCount: 2 }] },
    };
    const { status, asked } = await statusWith(
      { [POD_OF("iris")]: items(pod("b", "2026-01-02T00:00:00Z"), pod("c", CREATED, running)) },
      "iris",
    );
    expect(status.models.map(({ id, pods }) => [id, pods])).toEqual([
      [
        "iris",
        [
          { name: "c", ready: true, restarts: 2, created: CREATED, node: "node-1" },
          { name: "b", ready: false, restarts: 0, created: "2026-01-02T00:00:00Z", node: null },
        ],
      ],
    ]);
    expect(asked).toHaveLength(5);
  });

  test.each([
    ["irsi", 'stack "prod" has no model "irsi"; did you mean "iris"?'],
    ["churn", 'stack "prod" has no model "churn"; `npx modelfleet status` shows all models'],
  ])("%s, which there is not, is an error that names what there is", async (id, message) => {
    await expect(statusWith({}, id)).rejects.toThrow(message);
  });
});

test("watching reads the last update again while the cluster has other models than that", async () => {
  const { cluster } = await apiServer({ ...REPLIES, [DEPLOYMENTS]: items(deployment("iris", READY)) });
  const [iris] = models;
  const last = { namespace: "models", models: iris ? [iris] : [] };
  const reread = vi.fn(() => Promise.resolve(last));
  const fleet = { api: connect(cluster), stack: "prod", namespace: "models", models, secrets: [] };
  const ask = following({ ...fleet, lastUpdate: reread }, undefined);
  const idsOf = async () => (await ask()).models.map(({ id }) => id);
  for (let poll = 1; poll < 5; poll += 1) expect(await idsOf()).toEqual(["iris", "large"]);
  expect(await idsOf()).toEqual(["iris"]);
  for (let poll = 1; poll < 7; poll += 1) expect(await idsOf()).toEqual(["iris"]);
  expect(reread).toHaveBeenCalledTimes(1);
});

test("an account without rights is told all rights to ask for", async () => {
  const asking = statusWith({ [DEPLOYMENTS]: refusal("deployments"), [INGRESSES]: refusal("ingresses") });
  const message = await asking.catch((error: unknown) => (error as Error).message);
  expect(String(message).split("\n")).toEqual([
    expect.stringMatching(/ refuses to list deployments \(403: no list of deployments\); ask for that right/),
    expect.stringMatching(/ refuses to list ingresses \(403: no list of ingresses\); ask for that right/),
  ]);
});
