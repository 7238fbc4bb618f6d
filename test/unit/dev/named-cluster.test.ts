import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nameOf, stateDirectory } from "../../../dev/named-cluster";
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
  ["no settings file, no KUBECONFIG", "", undefined, undefined],
  ["settings without a cluster", settings(""), undefined, undefined],
  ["settings without config", "encryptionsalt: v1:x\n", "", undefined],
  ["the local cluster's own kubeconfig", settings(""), own, undefined],
  ["a context", prod, undefined, byProd],
  ["a context, whatever KUBECONFIG is", prod, own, byProd],
  [
    "a kubeconfig",
    settings("  kubernetes:kubeconfig: /k"),
    undefined,
    { by: "the kubeconfig of Pulumi.dev.yaml", choice: { kubeconfig: "/k", context: undefined } },
  ],
  [
    "a secret kubeconfig",
    settings("  kubernetes:kubeconfig: { secure: x }"),
    undefined,
    { by: "the kubeconfig of Pulumi.dev.yaml" },
  ],
  [
    "another kubeconfig",
    settings(""),
    "/home/me/kubeconfig",
    { by: "KUBECONFIG=/home/me/kubeconfig", choice: current },
  ],
  [
    "a list with another kubeconfig",
    settings(""),
    `${own}:/k`,
    { by: `KUBECONFIG=${own}:/k`, choice: current },
  ],
])("%s", (_, text, kubeconfig, expected) => {
  expect(nameOf("Pulumi.dev.yaml", text, kubeconfig)).toEqual(expected);
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

/** A kubeconfig with the contexts a and b, whose clusters have these names for hosts. */
function kubeconfig(a: string, b: string, currentContext: string): void {
  const text = {
    "current-context": currentContext,
    clusters: [a, b].map((name, index) => ({
      name: `c${index}`,
      cluster: { server: `https://${name}.example` },
    })),
    users: [{ name: "me", user: {} }],
    contexts: ["a", "b"].map((name, index) => ({ name, context: { cluster: `c${index}`, user: "me" } })),
  };
  writeFileSync(join(folder, "kubeconfig"), JSON.stringify(text));
}

test("every named cluster has a state of its own, whatever it is called at the time", async () => {
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

test("the local cluster's state has its own place, and an encrypted kubeconfig's one too", async () => {
  expect(await stateDirectory(undefined)).toBe(STATE_DIRECTORY);
  expect(await stateDirectory({ by: "the kubeconfig of a" })).not.toBe(
    await stateDirectory({ by: "the kubeconfig of b" }),
  );
});
