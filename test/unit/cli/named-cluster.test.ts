import { join } from "node:path";
import { expect, it } from "vitest";
import { CLUSTER_DIRECTORY, STATE_DIRECTORY } from "../../../cli/environment";
import { nameOf, stateDirectory } from "../../../cli/named-cluster";

const own = join(CLUSTER_DIRECTORY, "kubeconfig");
const settings = (config: string) => `config:\n  modelfleet:models: [iris]\n${config}`;

it.each([
  ["no settings file, no KUBECONFIG", "", undefined, undefined],
  ["settings without a cluster", settings(""), undefined, undefined],
  ["settings without config", "encryptionsalt: v1:x\n", "", undefined],
  ["the local cluster's own kubeconfig", settings(""), own, undefined],
  ["a context", settings("  kubernetes:context: prod"), undefined, 'the context "prod" of Pulumi.dev.yaml'],
  [
    "a context, whatever KUBECONFIG is",
    settings("  kubernetes:context: prod"),
    own,
    'the context "prod" of Pulumi.dev.yaml',
  ],
  [
    "a secret kubeconfig",
    settings("  kubernetes:kubeconfig: { secure: x }"),
    undefined,
    "the kubeconfig of Pulumi.dev.yaml",
  ],
  ["another kubeconfig", settings(""), "/home/me/kubeconfig", "KUBECONFIG=/home/me/kubeconfig"],
  ["a list with another kubeconfig", settings(""), `${own}:/k`, `KUBECONFIG=${own}:/k`],
])("%s", (_, text, kubeconfig, expected) => {
  expect(nameOf("Pulumi.dev.yaml", text, kubeconfig)).toBe(expected);
});

it("every named cluster has a state of its own", () => {
  expect(stateDirectory(undefined)).toBe(STATE_DIRECTORY);
  expect(stateDirectory("KUBECONFIG=/a")).not.toBe(STATE_DIRECTORY);
  expect(stateDirectory("KUBECONFIG=/a")).toBe(stateDirectory("KUBECONFIG=/a"));
  expect(stateDirectory("KUBECONFIG=/a")).not.toBe(stateDirectory("KUBECONFIG=/b"));
});
