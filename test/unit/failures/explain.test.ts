import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { explainFailures } from "../../../failures/explain";
import { apiServer, kubeconfigOf, type Reply } from "../../support/api-server";

const KEY = "key-of-a-server-4711";
const FORMER_KEY = "former-key-of-a-server-4710";
const base64 = (text: string) => Buffer.from(text).toString("base64");

const NAMESPACE = "/api/v1/namespaces/models";
const DEPLOYMENT = "/apis/apps/v1/namespaces/models/deployments/iris";
const LABELS = "app.kubernetes.io%2Fname%3Diris";
const POD = {
  metadata: { name: "iris-1" },
  spec: { containers: [{ envFrom: [{ secretRef: { name: "iris-env-1" } }] }] },
  status: {
    containerStatuses: [
      {
        restartCount: 1,
        state: { running: {} },
        lastState: { terminated: { reason: "Error", exitCode: 3 } },
      },
    ],
  },
};
const LOG = `GET ${NAMESPACE}/pods/iris-1/log?tailLines=10&limitBytes=65536&previous=true`;
const SECRET = `GET ${NAMESPACE}/secrets/iris-env-1`;

/** A cluster in which the server of a model ends. */
const REPLIES: Readonly<Record<string, Reply>> = {
  [`GET ${DEPLOYMENT}`]: [
    200,
    {
      metadata: { annotations: { "deployment.kubernetes.io/revision": "2" } },
      spec: { selector: { matchLabels: { "app.kubernetes.io/name": "iris" } } },
      status: { availableReplicas: 1 },
    },
  ],
  [`GET /apis/apps/v1/namespaces/models/replicasets?labelSelector=${LABELS}`]: [
    200,
    {
      items: ["1", "2"].map((revision) => ({
        metadata: {
          annotations: { "deployment.kubernetes.io/revision": revision },
          labels: { "pod-template-hash": `hash${revision}` },
        },
      })),
    },
  ],
  [`GET ${NAMESPACE}/pods?labelSelector=${LABELS}%2Cpod-template-hash%3Dhash2`]: [
    200,
    { items: [POD, { ...POD, metadata: { name: "iris-2" }, status: {} }] },
  ],
  [`GET ${NAMESPACE}/events?fieldSelector=involvedObject.kind%3DPod%2CinvolvedObject.name%3Diris-1`]: [
    200,
    { items: [] },
  ],
  [SECRET]: [200, { data: { API_KEY: base64(FORMER_KEY) } }],
  [LOG]: [200, `starting\nkeys ${KEY} ${FORMER_KEY} ${base64(`x:${FORMER_KEY}`)}\n`],
};

/** The report on the model `iris` of a cluster with other replies. */
async function reportWith(replies: Readonly<Record<string, Reply>>): Promise<string | undefined> {
  const { cluster } = await apiServer({ ...REPLIES, ...replies });
  return explainFailures({ cluster, ...FLEET })("iris");
}

const FLEET = {
  namespace: "models",
  registry: undefined,
  models: [{ secretEnv: { API_KEY: pulumi.secret(KEY) }, challengers: [] }] as never[],
};

describe("a model that is not ready is explained", () => {
  test("by the pod that restarted most, with the log of its end, and without the keys that it may print", async () => {
    const [first, why, , ...more] = (await reportWith({}))?.split("\n") ?? [];
    expect(first).toBe('model "iris" is not ready; an earlier release of it goes on serving');
    expect(why).toBe(
      "  why: pod iris-1, one of 2 that are not ready: its container ended with exit code 3 (Error), restarted once",
    );
    expect(more).toEqual([
      "    starting",
      expect.stringMatching(/^ {4}keys \[secret\] \[secret\] \S{1,4}\[secret\]\S{1,4}$/),
      "  fix: correct catalog.iris as its log says, and run `pulumi up` again",
      "  more: kubectl describe pods --namespace models --selector app.kubernetes.io/name=iris",
    ]);
  });

  test("with the log before, if its container has just begun to run again", async () => {
    const pods = Object.keys(REPLIES).find((line) => line.includes("/pods?")) ?? "";
    const [container] = POD.status.containerStatuses;
    const ended = { ...container, state: { terminated: { reason: "Error", exitCode: 3 } }, lastState: {} };
    const items = [{ ...POD, status: { ...POD.status, containerStatuses: [ended] } }];
    const now = LOG.replace("&previous=true", "");
    const report = await reportWith({ [pods]: [200, { items }], [now]: [200, ""] });
    expect(report).toContain("the end of its log:\n    starting\n");
    const gone = await reportWith({ [pods]: [200, { items }], [now]: [200, ""], [LOG]: [400, {}] });
    expect(gone).toContain("the end of its log:\n    (it is empty)\n");
  });

  test("as partly serving if pods of the same release are ready", async () => {
    const sets = Object.keys(REPLIES).find((line) => line.includes("replicasets")) ?? "";
    const [status, body] = REPLIES[sets] as [number, { items: object[] }];
    const items = body.items.map((set) => ({ ...set, status: { availableReplicas: 1 } }));
    expect(await reportWith({ [sets]: [status, { items }] })).toMatch(
      /^model "iris" is not ready; its other pods serve\n/,
    );
  });

  test.each<[string, Record<string, Reply>, string]>([
    ["that nobody may read", { [LOG]: [403, {}] }, '(not shown: it needs the right "get" of "pods/log")'],
    ["that is empty", { [LOG]: [200, "\n"] }, "(it is empty)"],
    ["that is gone", { [LOG]: [404, {}] }, "(it cannot be read)"],
    [
      "whose secrets are not known",
      { [SECRET]: [404, {}] },
      "(not shown: the pod's Secret cannot be read, so its values cannot be hidden)",
    ],
    ["whose last line is cut", { [LOG]: [200, `whole\n${"x".repeat(65_530)}`] }, "whole"],
  ])("without a log %s", async (_what, replies, line) => {
    const report = await reportWith(replies);
    expect(report).toContain(`the end of its log:\n    ${line}\n  fix: `);
    expect(report).not.toContain(KEY);
  });

  test("by the API server's sentence if it refuses the pods", async () => {
    const [, body] = REPLIES[`GET ${DEPLOYMENT}`] as [number, object];
    const message = `exceeded quota ${KEY}`;
    const status = { conditions: [{ type: "ReplicaFailure", status: "True", reason: "Forbidden", message }] };
    expect(await reportWith({ [`GET ${DEPLOYMENT}`]: [200, { ...body, status }] })).toBe(
      [
        'model "iris" is not ready; nothing of it serves',
        "  why: the API server refuses its pods: Forbidden: exceeded quota [secret]",
        "  fix: lower catalog.iris.resources, or ask for a larger quota, and run `pulumi up` again",
      ].join("\n"),
    );
  });

  test("not at all if it is gone", async () => {
    expect(await reportWith({ [`GET ${DEPLOYMENT}`]: [404, {}] })).toBeUndefined();
  });

  test("by what kept it from being looked at", async () => {
    expect(await reportWith({ [`GET ${DEPLOYMENT}`]: [403, { message: "no" }] })).toMatch(
      /^deployment\/iris is not ready, and its pods cannot be looked at: .*get deployment iris \(403: no\)/,
    );
    const cluster = { kubeconfig: kubeconfigOf("http://127.0.0.1:1"), context: undefined, environment: {} };
    expect(await explainFailures({ cluster, ...FLEET })("iris")).toMatch(
      /cannot be looked at: .* does not answer/,
    );
  });
});
