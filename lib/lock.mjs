// Plain JavaScript without dependencies: cli/run.mjs takes this lock before anything is installed.
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 200;

/** How often this process has asked for a lock: it may wait for the same one twice. */
let taken = 0;

/** When a process began, in the system's own words; with its id that names it for good. Undefined when it is gone. */
function startOf(pid) {
  try {
    if (process.platform === "linux") {
      // The command name stands in parentheses and may hold spaces; the start time is the 20th field after it.
      return readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The process that holds the lock, or undefined when nobody does: also when its holder was killed. */
function holder(path) {
  try {
    const { pid, start } = JSON.parse(readFileSync(path, "utf8"));
    return startOf(pid) === start ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock where it is free: by a link, which appears with its whole content or not at all. */
function take(path, own) {
  // Each time anew: whoever had the lock may have removed the folder after it.
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(own, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST" || error.code === "ENOENT") return false;
    throw error;
  }
}

/** Removes a lock whose holder is dead. Moved aside first: by now it may be that of a faster waiter, who gets it back. */
function removeDead(path, own) {
  const aside = `${own}.dead`;
  try {
    renameSync(path, aside);
    if (holder(aside) !== undefined) linkSync(aside, path);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

export async function withLock(path, { waiting }, work) {
  const own = `${path}.${process.pid}.${++taken}`;
  try {
    for (let told = false; !take(path, own); await sleep(POLL_MS)) {
      const pid = holder(path);
      if (pid === undefined) removeDead(path, own);
      else if (!told) {
        waiting(pid);
        told = true;
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
