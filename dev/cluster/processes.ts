import { execFile, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { until } from "../../lib/until";

/**
 * Every process of a cluster carries its directory in this variable of its environment, and so do the processes that
 * it starts. What is marked belongs to the cluster, whoever recorded it or was killed before recording it, and a
 * number that the machine has since given to a stranger is never taken for one of ours.
 */
export const MARK = "MODELFLEET_CLUSTER";

/** How long killed processes may take to be gone, in milliseconds. */
const KILL_TIMEOUT_MS = 15_000;

/** How often processes are looked at again, in milliseconds. */
const POLL_MS = 50;

/** A living process of a cluster; `name` is the last part of its first argument, such as `kubelet`. */
export interface ClusterProcess {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** A process to start that outlives the command which starts it. */
export interface Daemon {
  /** What it is called in `ps`, in cluster health and in the name of its log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the cluster's environment. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** @default the cluster's directory */
  readonly cwd?: string;
}

/**
 * The environment of a cluster's processes: its mark, and nothing of the user's own beyond PATH, since a process that
 * runs for days should not hold the passphrases of the shell that started it.
 */
export function clusterEnvironment(directory: string): Record<string, string> {
  const path = [process.env["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
  return { PATH: path.filter(Boolean).join(":"), HOME: directory, [MARK]: directory };
}

/** Where the log of a part of the cluster is written. */
export function logFile(directory: string, name: string): string {
  return join(directory, "logs", `${name}.log`);
}

/**
 * Starts a process in a session of its own, so that closing the terminal does not end it, with its output in
 * `logs/<name>.log`. Returns its process number; throws when the command cannot be executed.
 */
export async function startDaemon(directory: string, daemon: Daemon): Promise<number> {
  mkdirSync(join(directory, "logs"), { recursive: true });
  const log = openSync(logFile(directory, daemon.name), "a");
  try {
    const child = spawn(daemon.command, daemon.args, {
      argv0: daemon.name,
      cwd: daemon.cwd ?? directory,
      detached: true,
      env: { ...clusterEnvironment(directory), ...daemon.env },
      stdio: ["ignore", log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    return child.pid as number;
  } finally {
    closeSync(log);
  }
}

/** The living processes of the cluster in this directory, found by their mark. */
export async function processesOf(directory: string): Promise<ClusterProcess[]> {
  return process.platform === "linux" ? linuxProcesses(directory) : otherProcesses(directory);
}

/**
 * Whether no process of this name lives. It looks twice, for a process shows no environment, and so no mark, in the
 * instant in which it becomes another program.
 */
export async function hasEnded(directory: string, name: string): Promise<boolean> {
  for (let look = 0; look < 2; look += 1) {
    if (look > 0) await sleep(POLL_MS);
    if ((await processesOf(directory)).some((one) => one.name === name)) return false;
  }
  return true;
}

/** Ends every process of the cluster in this directory at once; throws when one is still there after 15 s. */
export async function killProcesses(directory: string): Promise<void> {
  let alive: readonly ClusterProcess[] = [];
  let emptyLooks = 0;
  const areGone = async () => {
    alive = await processesOf(directory);
    for (const { pid } of alive) kill(pid);
    emptyLooks = alive.length === 0 ? emptyLooks + 1 : 0;
    return emptyLooks === 2;
  };
  await until(areGone, { intervalMs: POLL_MS, timeoutMs: KILL_TIMEOUT_MS });
  if (alive.length === 0) return;
  const names = alive.map((one) => `${one.name} (${one.pid})`).join(", ");
  throw new Error(`These processes of the cluster in ${directory} do not end: ${names}`);
}

/** Whether the environment of a process, as `/proc` shows it, carries the mark of the cluster in this directory. */
export function isMarked(environment: string, directory: string): boolean {
  return environment.split("\0").includes(`${MARK}=${directory}`);
}

/** The state and the parent of a process, out of `/proc/<pid>/stat`; its second field may itself hold ") ". */
export function parseStat(stat: string): { state: string; parent: number } {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1]) };
}

function linuxProcesses(directory: string): ClusterProcess[] {
  const found: ClusterProcess[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (!isMarked(readFileSync(`/proc/${entry}/environ`, "utf8"), directory)) continue;
      const { state, parent } = parseStat(readFileSync(`/proc/${entry}/stat`, "utf8"));
      const [first = ""] = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
      if (state !== "Z") found.push({ pid: Number(entry), parent, name: basename(first) });
    } catch {
      // It ended while it was looked at, or it is another user's and therefore not ours.
    }
  }
  return found;
}

/** macOS shows the environment behind the command. Written after its manual; not tried on such a machine. */
async function otherProcesses(directory: string): Promise<ClusterProcess[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axwwE", "-o", "pid=,ppid=,command="], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (!command || !`${command} `.includes(` ${MARK}=${directory} `)) return [];
    return [{ pid: Number(pid), parent: Number(parent), name: basename(command.split(" ")[0] ?? "") }];
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
