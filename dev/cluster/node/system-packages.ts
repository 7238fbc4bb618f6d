import { existsSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { withLock } from "../../../lib/lock.mjs";
import { say, step } from "../../../lib/progress";
import { onSignals } from "../../../lib/signals";
import { UserError } from "../../../lib/user-error";
import { cacheDirectory } from "../../toolchain/cache";
import { findCommand, findPrerequisites } from "./prerequisites";

/** Debian runs this script before a package starts its service. The node runs its own containerd instead. */
const SERVICE_POLICY = "/usr/sbin/policy-rc.d";

/** How long apt-get waits for another apt-get, in seconds. */
const APT_PATIENCE = 300;

/**
 * Installs the missing system packages of a real node, if the machine and the user allow that.
 *
 * @param find Finds what a real node needs.
 * @returns Why this machine cannot have a real node; undefined when it can.
 * @throws UserError when the user interrupts the question whether to install.
 */
export async function ensureSystemPackages(find = findPrerequisites): Promise<string | undefined> {
  const found = find();
  if (!("reason" in found)) return undefined;
  if (found.packages.length === 0) return found.reason;
  const list = found.packages.join(", ");
  const aptGet = findCommand("apt-get");
  if (!aptGet) return `${list} missing, and this system has no apt-get`;
  if (process.stdin.isTTY && process.stderr.isTTY && !(await agreed(list)))
    return `the installation of ${list} was declined`;
  const lock = join(cacheDirectory(), "system-packages.lock");
  const waiting = (pid: number) => say(`  waiting for process ${pid}, which installs system packages`);
  return withLock(lock, { waiting }, async () => {
    // Another command may have installed them meanwhile.
    const missing = find();
    if (!("reason" in missing)) return undefined;
    try {
      await step(`Installing system packages: ${list}`, () =>
        withoutServices(() => aptInstall(aptGet, missing.packages)),
      );
    } catch (error) {
      return `${list} could not be installed: ${reason(error)}`;
    }
    const still = find();
    return "reason" in still ? still.reason : undefined;
  });
}

async function agreed(list: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and the end of the input interrupt the question.
  const unanswered = new Promise<never>((_, reject) => {
    const leave = () =>
      reject(new UserError("nothing was installed, because the question was not answered."));
    terminal.once("SIGINT", leave).once("close", leave);
  });
  try {
    const question = `Install ${list} on this machine, to run models in real containers? [Y/n] `;
    const answer = await Promise.race([terminal.question(question), unanswered]);
    return !/^n/i.test(answer.trim());
  } finally {
    unanswered.catch(() => undefined);
    terminal.close();
  }
}

async function aptInstall(aptGet: string, packages: readonly string[]): Promise<void> {
  const run = (...args: string[]) =>
    execa(aptGet, ["-o", `DPkg::Lock::Timeout=${APT_PATIENCE}`, ...args], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "ignore",
    });
  // Package lists may be old or missing. An update takes seconds, so it runs only if the installation fails.
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  try {
    await run(...install);
  } catch {
    await run("update");
    await run(...install);
  }
}

/**
 * Keeps packages from starting services while they are installed. Leaves a policy that the machine already has.
 *
 * @param policy Path of the policy.
 */
export async function withoutServices(work: () => Promise<void>, policy = SERVICE_POLICY): Promise<void> {
  if (existsSync(policy)) return work();
  const remove = () => rmSync(policy, { force: true });
  // If the policy stayed, packages that are installed later could not start their services.
  const stopListening = onSignals((signal) => {
    remove();
    stopListening();
    process.kill(process.pid, signal);
  });
  try {
    await writeFile(policy, "#!/bin/sh\nexit 101\n", { flag: "wx", mode: 0o755 });
    await work();
  } finally {
    remove();
    stopListening();
  }
}

function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim().split("\n").at(-1) || message).trim();
}
