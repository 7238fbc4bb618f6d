import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 500;

/** The lock of an update, as Pulumi writes it into its state. */
interface Lock {
  readonly file: string;
  readonly stack: string;
  readonly pid: number;
  readonly hostname: string;
  readonly username?: string;
  /** When it was taken, as ISO 8601. */
  readonly timestamp?: string;
}

/**
 * Removes the locks of updates that were killed on this machine: nobody could update their stacks any more.
 *
 * @param state The folder of Pulumi's state.
 */
export function releaseDeadLocks(state: string): void {
  for (const { file, pid } of locksOfThisMachine(state)) if (!isAlive(pid)) rmSync(file, { force: true });
}

/** An update that a process of this machine is running. */
export interface RunningUpdate {
  readonly stack: string;
  readonly pid: number;
  /** What was typed, without options: `pulumi up`. */
  readonly command: string;
}

/**
 * The updates that processes of this machine are running. Another program that has got the process ID of a killed
 * `pulumi` is none.
 *
 * @param stack Only the updates of this stack. @default all stacks
 */
export function runningUpdates(state: string, stack?: string): RunningUpdate[] {
  return locksOfThisMachine(state)
    .filter((lock) => stack === undefined || lock.stack === stack)
    .map((lock) => ({ stack: lock.stack, pid: lock.pid, command: commandOf(lock.pid) }))
    .filter(({ command }) => command.includes("pulumi"));
}

/** Who holds a lock. */
export interface HeldLock extends Omit<Lock, "stack"> {
  /**
   * What became of its holder: a `pulumi` that runs here, a process that has ended here, another program that has got
   * its process ID, or a process of another machine, which cannot be seen from here.
   */
  readonly holder: "running" | "ended" | "replaced" | "elsewhere";
  /** The program that has this process ID now, if it is one of this machine: `pulumi up`. */
  readonly command: string;
}

/** The locks of one stack of a project. @param state The folder of Pulumi's state. */
export function locksOf(state: string, project: string, stack: string): HeldLock[] {
  return allLocks(state)
    .filter((lock) => lock.stack === stack && basename(dirname(dirname(lock.file))) === project)
    .map((lock) => {
      const isHere = lock.hostname === hostname();
      const command = isHere ? commandOf(lock.pid) : "";
      return { ...lock, command, holder: isHere ? holderOf(lock.pid, command) : "elsewhere" };
    });
}

/** Whether a process that held a lock was one of this machine and has ended. */
export function hasEnded({ hostname: host, pid }: Pick<Lock, "hostname" | "pid">): boolean {
  return host === hostname() && !isAlive(pid);
}

function holderOf(pid: number, command: string): HeldLock["holder"] {
  if (!isAlive(pid)) return "ended";
  return command.includes("pulumi") ? "running" : "replaced";
}

/** Removes a lock, if it is still the one whose holder has ended. @returns whether it is gone */
export function releaseLock({ file, pid }: HeldLock): boolean {
  if (readLock(file)?.pid !== pid) return true;
  if (isAlive(pid)) return false;
  rmSync(file, { force: true });
  return true;
}

/**
 * Waits while processes of this machine update a stack.
 *
 * @param waiting Called once per such process, with a sentence about it.
 * @param stack As in {@link runningUpdates}.
 */
export async function untilUpdated(
  state: string,
  waiting: (text: string) => void,
  stack?: string,
): Promise<void> {
  const seen = new Set<number>();
  for (;;) {
    const [running] = runningUpdates(state, stack);
    if (running === undefined) return;
    const { pid, command } = running;
    if (!seen.has(pid))
      waiting(`waiting for process ${pid} (${command}), which updates stack ${running.stack}`);
    seen.add(pid);
    await sleep(POLL_MS);
  }
}

function locksOfThisMachine(state: string): Lock[] {
  return allLocks(state).filter((lock) => lock.hostname === hostname());
}

function allLocks(state: string): Lock[] {
  const locks = join(state, ".pulumi", "locks");
  try {
    return readdirSync(locks, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => readLock(join(locks, file)) ?? []);
  } catch {
    return []; // There is no state yet.
  }
}

/** Undefined when its update has just ended, or the file is not complete: Pulumi itself says what to do then. */
function readLock(file: string): Lock | undefined {
  try {
    const content = JSON.parse(readFileSync(file, "utf8")) as Omit<Lock, "file" | "stack">;
    return { ...content, file, stack: basename(dirname(file)) };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The name of a process's program and its first argument; "" when it has ended. */
function commandOf(pid: number): string {
  try {
    const words =
      process.platform === "linux"
        ? readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")
        : execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).split(/\s+/);
    const [program = "", verb = ""] = words;
    return `${basename(program)} ${verb}`.trim();
  } catch {
    return "";
  }
}
