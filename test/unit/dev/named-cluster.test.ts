import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseNamedCluster, stateDirectory } from "../../../dev/named-cluster";
import { CLUSTER_DIRECTORY, STATE_DIRECTORY } from "../../../dev/places";

const own = join(CLUSTER_DIRECTORY, "kubeconfig");
const settings = (config: string) => `config:\n  modelfleet:models: [iris]\n${config}`;
const prod = settings("  kubernetes:context: prod");
const byProd = {
  by: 'the context "prod" of Pulumi.dev.yaml',
  choice: { kubeconfig: undefined, context: "prod" },
};
const current = { kubeconfig: undefined, context: undefined };

test.each([
  ["no settings file and no KUBECONFIG name no cluster", "", undefined, undefined],
  ["settings without a cluster name none", settings(""), undefined, undefined],
  ["settings without config name none", "encryptionsalt: v1:x\n", "", undefined],
  ["KUBECONFIG with the local cluster's own kubeconfig names none", settings(""), own, undefined],
  ["a context in the settings names its cluster", prod, undefined, byProd],
  ["a context in the settings wins over KUBECONFIG", prod, own, byProd],
  [
    "a kubeconfig in the settings names its cluster",
    settings("  kubernetes:kubeconfig: /k"),
    undefined,
    { by: "the kubeconfig of Pulumi.dev.yaml", choice: { kubeconfig: "/k", context: undefined } },
  ],
  [
    "an encrypted kubeconfig in the settings names a cluster that is unknown",
    settings("  kubernetes:kubeconfig: { secure: x }"),
    undefined,
    { by: "the kubeconfig of Pulumi.dev.yaml" },
  ],
  [
    "KUBECONFIG with another kubeconfig names its current cluster",
    settings(""),
    "/home/me/kubeconfig",
    { by: "KUBECONFIG=/home/me/kubeconfig", choice: current },
  ],
  [
    "KUBECONFIG with a list that has another kubeconfig names its current cluster",
    settings(""),
    `${own}:/k`,
    { by: `KUBECONFIG=${own}:/k`, choice: current },
  ],
])("%s", (_, text, kubeconfig, expected) => {
  expect(parseNamedCluster("Pulumi.dev.yaml", text, kubeconfig)).toEqual(expected);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-named-"));
  vi.stubEnv("KUBECONFIG", join(folder, "kubeconfig"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Writes a kubeconfig with the contexts a and b; their clusters have the given host names. */
function kubeconfig(a: string, b: string, currentContext: string): void {
  const text = {
    "current-context": currentContext,
    clusters: [a, b].map((name, index) => ({
      name: `c${index}`,
      cluster: { server: `https://${name}.example` },
    })),
    users: [{ name: "me", user: { token: "t" } }],
    contexts: ["a", "b"].map((name, index) => ({ name, context: { cluster: `c${index}`, user: "me" } })),
  };
  writeFileSync(join(folder, "kubeconfig"), JSON.stringify(text));
}

test("every named cluster has its own state, which follows its address rather than its context's name", async () => {
  const byShell = { by: "KUBECONFIG=x", choice: current };
  kubeconfig("first", "second", "a");
  const first = await stateDirectory(byShell);
  expect(await stateDirectory({ by: "y", choice: { kubeconfig: undefined, context: "a" } })).toBe(first);
  kubeconfig("first", "second", "b");
  const second = await stateDirectory(byShell);
  kubeconfig("third", "first", "a");
  const third = await stateDirectory(byShell);
  expect(await stateDirectory({ by: "y", choice: { kubeconfig: undefined, context: "b" } })).toBe(first);
  expect(new Set([STATE_DIRECTORY, first, second, third]).size).toBe(4);
});

test("the local cluster and each encrypted kubeconfig have their own state", async () => {
  expect(await stateDirectory(undefined)).toBe(STATE_DIRECTORY);
  expect(await stateDirectory({ by: "the kubeconfig of a" })).not.toBe(
    await stateDirectory({ by: "the kubeconfig of b" }),
  );
});
