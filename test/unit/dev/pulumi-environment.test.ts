import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pulumiEnvironment } from "../../../dev/pulumi-environment";
import { PULUMI_TOOLS, type PulumiTools } from "../../../dev/toolchain/ensure";

let folder: string;
let tools: PulumiTools;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-environment-"));
  vi.stubEnv("MODELFLEET_CACHE", join(folder, "cache"));
  tools = Object.fromEntries(PULUMI_TOOLS.map((name) => [name, join(folder, name)])) as PulumiTools;
  for (const path of Object.values(tools)) writeFileSync(path, "");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("the environment names the state, the programs, the cluster and its ingress", () => {
  vi.stubEnv("PATH", "/usr/bin:/bin");
  vi.stubEnv("GOGC", undefined);
  vi.stubEnv("GOMEMLIMIT", undefined);
  const directory = join(folder, "state");
  const cluster = { kubeconfig: "/c/kubeconfig", ingressUrl: "http://127.0.0.1:8000" };
  const environment = pulumiEnvironment({ directory, cluster, tools });
  const home = environment["PULUMI_HOME"];
  expect(environment).toEqual({
    PATH: `${home}/bin:/usr/bin:/bin`,
    PULUMI_HOME: expect.stringContaining(join(folder, "cache")) as string,
    PULUMI_BACKEND_URL: `file://${directory}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "modelfleet-local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_CHECKPOINTS: "true",
    PULUMI_DIY_BACKEND_GZIP: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    GOGC: "400",
    GOMEMLIMIT: "2GiB",
    PULUMI_CONTINUE_ON_ERROR: "true",
    KUBECONFIG: "/c/kubeconfig",
    MODELFLEET_INGRESS_URL: "http://127.0.0.1:8000",
    MODELFLEET_CLUSTER_ID: "any",
  });
  expect(existsSync(directory)).toBe(true);
});

test("the environment leaves the caller's KUBECONFIG as it is when there is no local cluster", () => {
  const environment = pulumiEnvironment({ directory: join(folder, "state"), tools });
  expect(Object.keys(environment)).not.toContain("KUBECONFIG");
  expect(environment["MODELFLEET_INGRESS_URL"]).toBe("");
  expect(environment["MODELFLEET_CLUSTER_ID"]).toBe("");
});

test("the programs are on PATH once, even when the environment is applied twice", () => {
  vi.stubEnv("PATH", "/usr/bin");
  const first = pulumiEnvironment({ directory: join(folder, "state"), tools });
  vi.stubEnv("PATH", first["PATH"] ?? "");
  expect(pulumiEnvironment({ directory: join(folder, "state"), tools })["PATH"]).toBe(first["PATH"]);
});
