import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parse, stringify } from "yaml";
import { ensureTools } from "../../dev/toolchain/ensure";
import { ROOT } from "../../lib/paths";
import { say } from "../../lib/progress";

const { kubeconfig } = inject("simulated");
const NAMESPACE = "named";

/** A separate checkout, since `npm start` writes its files beside its sources. */
const checkout = mkdtempSync(join(tmpdir(), "modelfleet-checkout-"));
const settingsFile = join(checkout, "Pulumi.dev.yaml");
/** A kubeconfig whose current context is another cluster, which does not answer. */
const contexts = join(checkout, "kubeconfig");

beforeAll(() => {
  const left = new Set(["node_modules", ".git", ".modelfleet"]);
  cpSync(ROOT, checkout, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  const ours = parse(readFileSync(kubeconfig, "utf8")) as Record<string, { name: string }[]>;
  const elsewhere = { name: "elsewhere", cluster: { server: "https://127.0.0.1:1" } };
  const nobody = { name: "elsewhere", context: { cluster: "elsewhere", user: "nobody" } };
  const [context] = ours["contexts"] ?? [];
  writeFileSync(
    contexts,
    stringify({
      ...ours,
      clusters: [...(ours["clusters"] ?? []), elsewhere],
      contexts: [{ ...context, name: "mine" }, nobody],
      "current-context": "elsewhere",
    }),
  );
});
afterAll(async () => {
  const { kubectl } = await ensureTools(["kubectl"]);
  const args = ["--kubeconfig", kubeconfig, "delete", "namespace", NAMESPACE, "--ignore-not-found"];
  const { failed, stderr } = await execa(kubectl, args, { reject: false });
  if (failed) say(`! ${stderr}`);
  rmSync(checkout, { recursive: true, force: true });
});

/** Writes its own settings: those of the checkout under test may have been edited. */
function configure(settings: Readonly<Record<string, unknown>>): void {
  const { encryptionsalt } = parse(readFileSync(settingsFile, "utf8")) as { encryptionsalt: string };
  const config = {
    "kubernetes:context": "mine",
    "modelfleet:namespace": NAMESPACE,
    "modelfleet:models": "iris,wine,digits",
    "modelfleet:defaults": { image: "registry.example/model:1" },
    "modelfleet:routing": { pathPrefix: "/named" },
    ...settings,
  };
  writeFileSync(settingsFile, stringify({ config, encryptionsalt }));
}

const options = {
  cwd: checkout,
  // As in a shell with the variables of `npm run env`: their URL is the local cluster's, not this cluster's.
  env: { KUBECONFIG: contexts, MODELFLEET_INGRESS_URL: "http://127.0.0.1:1" },
  all: true,
  reject: false,
  stdin: "ignore",
} as const;
const start = () => execa("node", ["dev/run.mjs", "start"], options);

test("npm start deploys to the cluster that the settings name, starts no cluster, waits for another one, and says that it does not know the URL", async () => {
  configure({});
  // A second one beside it waits for it, whichever of the two comes first.
  const [{ exitCode, all, stdout }, second] = await Promise.all([start(), start()]);
  expect(exitCode, all).toBe(0);
  expect(second.exitCode, second.all).toBe(0);
  expect(`${all}${second.all}`).toMatch(/… waiting for process \d+, which runs npm start or npm stop/);
  expect(all).toContain('Using the context "mine" of Pulumi.dev.yaml, so no local cluster is started.');
  expect(all).not.toContain("Starting a local cluster");
  expect(stdout.match(/^(digits|iris|wine) +1\/1 +\/named\/\1$/gm)).toHaveLength(3);
  expect(all).toContain("How the Ingress is reached is not known");
});

test("npm run env selects the stack for a shell that reached the checkout by a symbolic link", async () => {
  const link = `${checkout}-link`;
  symlinkSync(checkout, link);
  try {
    const line = `cd '${link}/docs'; eval "$(npm run --silent env)"; pulumi stack --show-name --non-interactive`;
    const { exitCode, all, stdout } = await execa("bash", ["-euc", line], options);
    expect(exitCode, all).toBe(0);
    expect(stdout).toBe("dev");
  } finally {
    rmSync(link);
  }
});

test("npm start shows a paused model with 0/0 pods, and does not wait for it to answer", async () => {
  // No pod of the simulated cluster answers, so this succeeds only if no model is asked.
  configure({
    "modelfleet:catalog": { iris: { replicas: 0 }, wine: { replicas: 0 }, digits: { replicas: 0 } },
    "modelfleet:routing": { pathPrefix: "/named", url: "http://127.0.0.1:1" },
  });
  const { exitCode, all, stdout } = await start();
  expect(exitCode, all).toBe(0);
  expect(stdout.match(/^(digits|iris|wine) +0\/0 +http:\/\/127\.0\.0\.1:1\/named\/\1$/gm)).toHaveLength(3);
  expect(all).not.toContain("Waiting for the models");
});
