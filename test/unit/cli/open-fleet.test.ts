import { expect, test } from "vitest";
import { refuseAnotherCluster, secretsOf } from "../../../cli/open-fleet";
import { connect } from "../../../kubernetes/api";
import { apiServer, type Reply } from "../../support/api-server";

test("the secret values of the settings are those of all models and the registry's password", () => {
  const secrets = { iris: { API_KEY: "a-key", PIN: 42 }, defaults: { TOKEN: "b" } };
  const registry = { server: "registry.example", username: "me", password: "c" };
  const config = {
    "modelfleet:secrets": { value: JSON.stringify(secrets), secret: true },
    "modelfleet:registry": { value: JSON.stringify(registry), secret: true },
    "modelfleet:models": { value: "iris" },
  };
  expect(secretsOf(config)).toEqual(["a-key", "42", "b", "c"]);
  expect(secretsOf({})).toEqual([]);
});

/** Looks at a cluster with this reply about its namespace kube-system. */
async function refuse(reply: Reply, expected: unknown): Promise<void> {
  const { cluster } = await apiServer({ "GET /api/v1/namespaces/kube-system": reply });
  await refuseAnotherCluster(connect(cluster), expected);
}

test("another cluster than that of the last update is refused", async () => {
  await expect(refuse([200, { metadata: { uid: "other" } }], "own")).rejects.toThrow(
    /^clusterId: the cluster at \S+ is other, and the last update of this stack went to the cluster own; choose that cluster/,
  );
});

test.each<[string, Reply, unknown]>([
  ["the same cluster", [200, { metadata: { uid: "own" } }], "own"],
  ["a cluster that the account may not identify", [403, { message: "no" }], "own"],
  ["a cluster after an update that could not identify it", [200, { metadata: { uid: "other" } }], ""],
])("%s is not refused", async (_what, reply, expected) => {
  await refuse(reply, expected);
});
