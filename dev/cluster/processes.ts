import { execFile, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { until } from "../../lib/until";

/**
 * The environment variable that marks the processes of a cluster with its directory. Child processes inherit it, so all
 * are found even if the command that started them was killed, and a reused process ID is never taken for one of them.
 */
export const MARK = "MODELFLEET_CLUSTER";

/** How long killed processes may take to end, in milliseconds. */
const KILL_TIMEOUT_MS = 15_000;

/** How often to look for processes, in milliseconds. */
const POLL_MS = 50;

/** A running process of a cluster; `name` is the file name in its first argument, such as `kubelet`. */
export interface ClusterProcess {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** A process that keeps running after the command that starts it. */
export interface Daemon {
  /** Its name in `ps`, in messages and in the name of its log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the cluster's environment. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** @default the cluster's directory */
  readonly cwd?: string;
}

/**
 * The environment of a cluster's processes: its mark, and only PATH of the user's own variables. A process that runs for
 * days should not hold the passphrases of the shell that started it.
 */
export function clusterEnvironment(directory: string): Record<string, string> {
  const path = [process.env["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
  // Almost all of them are Go programs with little memory: they collect garbage half as often.
  return { PATH: path.filter(Boolean).join(":"), HOME: directory, GOGC: "200", [MARK]: directory };
}

/** The path of the log of one of the cluster's processes. */
export function logFile(directory: string, name: string): string {
  return join(directory, "logs", `${name}.log`);
}

/**
 * Starts a process in its own session, so that closing the terminal does not end it, with its output in
 * `logs/<name>.log`. Returns its process ID; throws when the command cannot be executed.
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

/** The running processes of the cluster in this directory, found by their mark. */
export async function processesOf(directory: string): Promise<ClusterProcess[]> {
  return process.platform === "linux" ? linuxProcesses(directory) : otherProcesses(directory);
}

/**
 * Whether no process of this name is running. It looks twice: while a process executes another program, it has no
 * environment for an instant, and so no mark.
 */
export async function hasEnded(directory: string, name: string): Promise<boolean> {
  for (let look = 0; look < 2; look += 1) {
    if (look > 0) await sleep(POLL_MS);
    if ((await processesOf(directory)).some((one) => one.name === name)) return false;
  }
  return true;
}

/** Kills all processes of the cluster in this directory; throws when one is still there after 15 s. */
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
  throw new Error(`these processes of the cluster in ${directory} do not end: ${names}`);
}

/** Whether the environment of a process, as in `/proc`, has the mark of the cluster in this directory. */
export function isMarked(environment: string, directory: string): boolean {
  return environment.split("\0").includes(`${MARK}=${directory}`);
}

/** Clock ticks per second in `/proc`: 100 on every architecture that Node.js runs on. */
const TICKS = 100;

/**
 * The state, the parent and the processor time of a process from `/proc/<pid>/stat`; the second field may contain ") ".
 * The time is that of its own threads, without child processes.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function parseStat(stat: string): { state: string; parent: number; cpuSeconds: number } {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return { state: fields[0] ?? "", parent: Number(fields[1]), cpuSeconds: (user + system) / TICKS };
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
      // It has just ended, or it belongs to another user and therefore not to the cluster.
    }
  }
  return found;
}

/** `ps` of macOS prints the environment after the command. Written from its manual, and never tried there. */
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
