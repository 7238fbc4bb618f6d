// Plain JavaScript without dependencies: dev/run.mjs takes this lock before anything is installed.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 200;

/** How often this process has asked for a lock: it may wait for the same one twice. */
let asked = 0;

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

/** The process that holds a lock or waits for it, or undefined when that was killed or no longer wants it. */
function ownerOf(file) {
  try {
    const { pid, start, ticket } = JSON.parse(readFileSync(file, "utf8"));
    return startOf(pid) === start && existsSync(join(dirname(file), ticket)) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock where it is free: by a link, which appears with its whole content or not at all. */
function take(path, ticket, content) {
  try {
    // Each time anew: whoever had the lock may have removed the folder after it.
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(ticket, content);
    linkSync(ticket, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST" || error.code === "ENOENT") return false;
    throw error;
  }
}

/** Removes a lock that nobody holds. Moved aside first: by now a faster waiter may have taken it, who gets it back. */
function removeDead(path, ticket) {
  const aside = `${ticket}.dead`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside) !== undefined) linkSync(aside, path);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Removes what killed waiters left. */
function removeDeadTickets(path) {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const file = join(dirname(path), name);
    if (name.startsWith(prefix) && ownerOf(file) === undefined) rmSync(file, { force: true });
  }
}

function release(path, content) {
  try {
    if (readFileSync(path, "utf8") === content) rmSync(path, { force: true });
  } catch {
    // Its folder is gone, and the lock with it.
  }
}

export async function withLock(path, { waiting }, work) {
  const ticket = `${path}.${process.pid}.${++asked}`;
  const content = JSON.stringify({ pid: process.pid, start: startOf(process.pid), ticket: basename(ticket) });
  try {
    for (let told = false; !take(path, ticket, content); await sleep(POLL_MS)) {
      const pid = ownerOf(path);
      if (pid === undefined) removeDead(path, ticket);
      else if (!told) {
        waiting(pid);
        told = true;
      }
    }
    removeDeadTickets(path);
    return await work();
  } finally {
    // In this order: a lock without its ticket is one that nobody holds.
    rmSync(ticket, { force: true });
    release(path, content);
  }
}
