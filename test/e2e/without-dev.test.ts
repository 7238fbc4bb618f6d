import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, inject, test } from "vitest";
import { pulumiEnvironment } from "../../dev/pulumi-environment";
import { ensureTools, PULUMI_TOOLS } from "../../dev/toolchain/ensure";
import { ROOT } from "../../lib/paths";

const { kubeconfig } = inject("simulated");

/** A checkout of a user who deploys with the project and does not develop it. */
const checkout = mkdtempSync(join(tmpdir(), "modelfleet-without-dev-"));
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

test("a preview and the program modelfleet work after npm ci --omit=dev, without dev/", async () => {
  const left = new Set(["node_modules", ".git", ".modelfleet", "dev", "test", "Pulumi.dev.yaml"]);
  cpSync(ROOT, checkout, { recursive: true, filter: (path) => !left.has(basename(path)) });
  const cluster = { kubeconfig, ingressUrl: undefined };
  const tools = await ensureTools(PULUMI_TOOLS);
  const env = pulumiEnvironment({ directory: join(checkout, "state"), cluster, tools });
  const run = async (command: string, ...args: string[]) => {
    const { all } = await execa(command, args, { cwd: checkout, env, all: true, stdin: "ignore" });
    return all;
  };

  await run("npm", "ci", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund");
  await run("pulumi", "stack", "init", "prod", "--non-interactive");
  await run("pulumi", "config", "set", "namespace", "without-dev");
  await run("pulumi", "config", "set", "models", "iris");
  await run("pulumi", "config", "set", "--path", "defaults.image", "registry.example/model:1");
  // With a secret, since the program reads the stack's file only then.
  await run("pulumi", "config", "set", "--secret", "--path", "secrets.iris.API_KEY", "not-a-real-key");
  const preview = await run("pulumi", "preview", "--non-interactive");
  expect(preview).toContain("kubernetes:apps/v1:Deployment iris create");
  expect(await run("node", "cli/run.mjs", "--help")).toContain("list");
});
