import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/**
 * Removes the locks of updates that were killed on this machine: nobody could update their stacks any more.
 *
 * @param state The folder of Pulumi's state.
 */
export function releaseDeadLocks(state: string): void {
  const locks = join(state, ".pulumi", "locks");
  let files: string[];
  try {
    files = readdirSync(locks, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".json"),
    );
  } catch {
    return; // There is no state yet.
  }
  for (const file of files.map((name) => join(locks, name))) {
    const lock = readLock(file);
    if (lock?.hostname === hostname() && !isAlive(lock.pid)) rmSync(file, { force: true });
  }
}

/** Undefined when its update has just ended, or the file is not complete: Pulumi itself says what to do then. */
function readLock(file: string): { readonly pid: number; readonly hostname: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { pid: number; hostname: string };
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
