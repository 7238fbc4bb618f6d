import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { removeUnusedSecrets, secretsInUse, type Workload } from "../../../ownership/unused-secrets";
import { apiServer, type Reply } from "../../support/api-server";

const LISTS = {
  deployments: "GET /apis/apps/v1/namespaces/models/deployments",
  replicasets: "GET /apis/apps/v1/namespaces/models/replicasets",
  pods: "GET /api/v1/namespaces/models/pods",
};
const podSpec = (secret: string) => ({ containers: [{ envFrom: [{ secretRef: { name: secret } }] }] });
const template = (secret: string) => ({ template: { spec: podSpec(secret) } });
const items = (...found: Workload[]): Reply => [200, { items: found }];
const deleting = (name: string) => `DELETE /api/v1/namespaces/models/secrets/${name}`;

/** The requests to a cluster with these workloads and the versions a, b and c, for a release that needs only c. */
async function asked(replies: Record<string, Reply>, preview = false): Promise<string[]> {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "x", state: {} }), call: () => ({}) },
    "p",
    "s",
    preview,
  );
  const none = Object.fromEntries(Object.values(LISTS).map((line) => [line, items()]));
  const server = await apiServer({ ...none, ...replies });
  const args = { namespace: "models", cluster: server.cluster };
  const ownership = { secretVersions: ["a", "b", "c"] };
  await new Promise<void>((resolve) => {
    removeUnusedSecrets(args, ownership, ["c"]).apply(resolve);
  });
  await pulumi.runtime.disconnect();
  return server.asked;
}

describe("Secrets in use", () => {
  test("are those for environment and image pulls, in pods and in objects that create pods", () => {
    const pulled = { ...podSpec("a"), imagePullSecrets: [{ name: "b" }] };
    expect([...secretsInUse([{ spec: pulled }, { spec: template("c") }])]).toEqual(["b", "a", "c"]);
  });

  test("are not those of a pod that is terminating", () => {
    const pod = { metadata: { deletionTimestamp: "2026-11-25T00:00:00Z" }, spec: podSpec("a") };
    expect(secretsInUse([pod]).size).toBe(0);
  });
});

describe("former Secret versions", () => {
  test("are deleted if no pod needs them, and those of the release stay", async () => {
    expect((await asked({ [deleting("a")]: [200, {}], [deleting("b")]: [200, {}] })).slice(3)).toEqual([
      deleting("a"),
      deleting("b"),
    ]);
  });

  test.each<[string, Record<string, Reply>]>([
    ["a pod", { [LISTS.pods]: items({ spec: podSpec("a") }) }],
    [
      "a ReplicaSet that keeps pods",
      { [LISTS.replicasets]: items({ spec: { replicas: 1, ...template("a") } }) },
    ],
    ["a paused Deployment", { [LISTS.deployments]: items({ spec: { replicas: 0, ...template("a") } }) }],
  ])("stay as long as %s needs them", async (_what, replies) => {
    expect((await asked({ ...replies, [deleting("b")]: [200, {}] })).slice(3)).toEqual([deleting("b")]);
  });

  test("are deleted if only a ReplicaSet without pods names them", async () => {
    const replies = { [LISTS.replicasets]: items({ spec: { replicas: 0, ...template("a") } }) };
    expect(await asked(replies)).toContain(deleting("a"));
  });

  test("stay if the user may not list pods", async () => {
    expect(await asked({ [LISTS.pods]: [403, { message: "no" }] })).toEqual(Object.values(LISTS));
  });

  test("stay in a preview", async () => {
    expect(await asked({}, true)).toEqual(Object.values(LISTS));
  });
});

test("removeUnusedSecrets sends no request without former versions", async () => {
  const server = await apiServer({});
  const args = { stack: "dev", namespace: "models", cluster: server.cluster, adopt: [] };
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "x", state: {} }), call: () => ({}) });
  await new Promise<void>((resolve) => {
    removeUnusedSecrets(args, { secretVersions: ["c"] }, ["c"]).apply(resolve);
  });
  await pulumi.runtime.disconnect();
  expect(server.asked).toEqual([]);
});
