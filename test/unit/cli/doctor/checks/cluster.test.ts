import { expect, test } from "vitest";
import { cluster } from "../../../../../cli/doctor/checks/cluster";
import { api, factsWith, fails, STATE } from "../../../../support/doctor";

test("the cluster of the last update is no problem", async () => {
  expect(await cluster.look(factsWith())).toEqual([]);
});

test("another cluster is a problem, with the words of an update", async () => {
  const [A, B] = ["7d3a5f0e-1c2b-4d6e-8f90-a1b2c3d4e5f6", "0e7d3a5f-1c2b-4d6e-8f90-a1b2c3d4e5f6"];
  const facts = factsWith({
    state: () => Promise.resolve({ ...STATE, clusterId: A }),
    cluster: () => Promise.resolve({ api: api(), id: B, version: undefined }),
  });
  expect(await cluster.look(facts)).toEqual([
    {
      problem: `clusterId: the cluster at https://cluster.example is ${B}, and the last update of this stack went to the cluster ${A}`,
      fix: expect.stringContaining(`\`pulumi config set clusterId ${B}\``) as string,
    },
  ]);
});

test("a cluster that does not answer is a problem in one line", async () => {
  const why = "the cluster at https://cluster.example does not answer (connect ECONNREFUSED)";
  expect(await cluster.look(factsWith({ cluster: fails(why) }))).toEqual([
    { problem: why, fix: expect.stringContaining("`kubectl get namespaces`") as string },
  ]);
});
