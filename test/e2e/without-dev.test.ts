import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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

/** Leaves what `npm ci --omit=dev` installs: npm marks in its record of the installed packages what only `dev` needs. */
async function copyPackagesWithoutDev(): Promise<void> {
  const modules = join(ROOT, "node_modules");
  const record = readFileSync(join(modules, ".package-lock.json"), "utf8");
  const { packages } = JSON.parse(record) as { packages: Record<string, { dev?: boolean }> };
  const unneeded = Object.keys(packages).filter((path) => packages[path]?.dev === true);
  expect(unneeded.length).toBeGreaterThan(0);
  await execa("cp", ["-R", `${modules}/`, join(checkout, "node_modules")]);
  for (const path of unneeded) rmSync(join(checkout, path), { recursive: true, force: true });
}

test("a preview and the program modelfleet work with the packages of npm ci --omit=dev, without dev/", async () => {
  const left = new Set(["node_modules", ".git", ".modelfleet", "dev", "test", "Pulumi.dev.yaml"]);
  cpSync(ROOT, checkout, { recursive: true, filter: (path) => !left.has(basename(path)) });
  await copyPackagesWithoutDev();
  const cluster = { kubeconfig, ingressUrl: undefined };
  const tools = await ensureTools(PULUMI_TOOLS);
  const env = pulumiEnvironment({ directory: join(checkout, "state"), cluster, tools });
  const run = async (command: string, ...args: string[]) => {
    const { all } = await execa(command, args, { cwd: checkout, env, all: true, stdin: "ignore" });
    return all;
  };

  await run("pulumi", "stack", "init", "prod", "--non-interactive");
  // With a secret, since the program reads the stack's file only then.
  await run(
    ...(["pulumi", "config", "set-all", "--path", "--plaintext", "namespace=without-dev"] as const),
    ...["--plaintext", "routing.pathPrefix=/without-dev"],
    ...["--plaintext", "models=iris", "--plaintext", "defaults.image=registry.example/model:1"],
    ...["--secret", "secrets.iris.API_KEY=not-a-real-key"],
  );
  const preview = await run("pulumi", "preview", "--non-interactive");
  expect(preview).toContain("kubernetes:apps/v1:Deployment iris create");
  expect(await run("node", "cli/run.mjs", "--help")).toContain("list");
});
