import { execa } from "execa";
import { existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { step } from "../lib/progress";
import { firstOnPath } from "./installed";

/** Debian's packages that a real node needs, each with the files that show that it is there. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  containerd: ["containerd", "ctr"],
  runc: ["runc"],
  nftables: ["nft"],
  iproute2: ["ip"],
  "containernetworking-plugins": ["/usr/lib/cni/ptp", "/usr/lib/cni/host-local"],
};

/** Debian asks this script before a package starts its service: the node runs its own containerd, in its own namespaces. */
const SERVICE_POLICY = "/usr/sbin/policy-rc.d";

/**
 * Sees to the system packages of a real node: installs what is missing, where that is possible and wanted.
 *
 * @param options.install Whether missing packages may be installed. @default true
 * @returns undefined when all are there, else the reason, for people, why this machine cannot run a real node.
 */
export async function ensureSystemPackages({ install = true } = {}): Promise<string | undefined> {
  if (process.platform !== "linux") return "a real node needs Linux";
  if (process.getuid?.() !== 0) return "a real node needs root";
  const missing = missingPackages();
  if (missing.length === 0) return undefined;
  const list = missing.join(", ");
  const command = `apt-get install --no-install-recommends ${missing.join(" ")}`;
  if (!firstOnPath("apt-get")) return `${list} missing, and this is not a Debian-like system`;
  if (!install) return `${list} missing: ${command}`;
  if (process.stdin.isTTY && process.stderr.isTTY && !(await agreed(list))) return `${list} not wanted`;
  try {
    await step(`Installing system packages: ${list}`, () => withoutServices(() => aptInstall(missing)));
  } catch (error) {
    return `${list} could not be installed: ${reason(error)}`;
  }
  const still = missingPackages();
  return still.length === 0
    ? undefined
    : `${still.join(", ")} installed, but not all of its programs are there`;
}

function missingPackages(): string[] {
  const there = (file: string) => (file.startsWith("/") ? existsSync(file) : firstOnPath(file) !== undefined);
  return Object.entries(PACKAGES).flatMap(([name, files]) => (files.every(there) ? [] : [name]));
}

async function agreed(list: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `Install ${list} on this machine, to run models in real containers? [Y/n] `,
    );
    return !/^n/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

async function aptInstall(packages: readonly string[]): Promise<void> {
  const run = (...args: string[]) =>
    execa("apt-get", args, { env: { DEBIAN_FRONTEND: "noninteractive" }, stdin: "ignore" });
  // Package lists go stale, and a fresh machine has none; an update costs seconds, so only when it is needed.
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  try {
    await run(...install);
  } catch {
    await run("update");
    await run(...install);
  }
}

/** Keeps packages from starting services while they are installed; a policy that the machine has already stays. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(SERVICE_POLICY)) return work();
  await writeFile(SERVICE_POLICY, "#!/bin/sh\nexit 101\n", { flag: "wx" });
  try {
    await chmod(SERVICE_POLICY, 0o755);
    await work();
  } finally {
    await rm(SERVICE_POLICY, { force: true });
  }
}

function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim().split("\n").at(-1) || message).trim();
}
