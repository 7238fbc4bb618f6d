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

/** The number of locks that this process has asked for: it may wait for the same one twice. */
let asked = 0;

/**
 * The time at which a process started, as the system prints it; undefined when there is no such process. A process ID
 * may be reused, but not with the same start time.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
function startOf(pid) {
  try {
    if (process.platform === "linux") {
      // The command name is in parentheses and may contain spaces; the start time is the 20th field after it.
      return readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * The process that holds a lock or waits for it; undefined when it was killed or no longer wants the lock.
 *
 * @param {string} file
 * @returns {number | undefined}
 */
function ownerOf(file) {
  try {
    const { pid, start, ticket } = JSON.parse(readFileSync(file, "utf8"));
    return startOf(pid) === start && existsSync(join(dirname(file), ticket)) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock if it is free. A hard link appears with its whole content or not at all.
 *
 * @param {string} path
 * @param {string} ticket
 * @param {string} content
 * @returns {boolean}
 */
function take(path, ticket, content) {
  try {
    // At each attempt, because the previous holder may have removed the folder.
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(ticket, content);
    linkSync(ticket, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST", "ENOENT")) return false;
    throw error;
  }
}

/**
 * Removes a lock that nobody holds. It is renamed first: if another waiter has taken it meanwhile, it gets it back.
 *
 * @param {string} path
 * @param {string} ticket
 */
function removeDead(path, ticket) {
  const aside = `${ticket}.dead`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside) !== undefined) linkSync(aside, path);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Removes the tickets of killed waiters.
 *
 * @param {string} path
 */
function removeDeadTickets(path) {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const file = join(dirname(path), name);
    if (name.startsWith(prefix) && ownerOf(file) === undefined) rmSync(file, { force: true });
  }
}

/**
 * @param {string} path
 * @param {string} content
 */
function release(path, content) {
  try {
    if (readFileSync(path, "utf8") === content) rmSync(path, { force: true });
  } catch {
    // The folder is gone, and the lock with it.
  }
}

/**
 * @param {unknown} error
 * @param {string[]} codes
 */
function hasCode(error, ...codes) {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/**
 * Runs work that only one process of this machine may do at a time. Waits without limit while another process holds the
 * lock; takes over a lock whose holder was killed.
 *
 * @template T
 * @param {string} path The lock file. Its folder is created. The holder and each waiter also have a file
 *   `<path>.<process>.<number>` beside it.
 * @param {{ readonly waiting: (pid: number) => void }} options `waiting` is called once, with the holder's process ID,
 *   when another process holds the lock.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws What the work throws; the lock is free again then.
 */
export async function withLock(path, { waiting }, work) {
  const ticket = `${path}.${process.pid}.${++asked}`;
  const content = JSON.stringify({ pid: process.pid, start: startOf(process.pid), ticket: basename(ticket) });
  try {
    for (let announced = false; !take(path, ticket, content); await sleep(POLL_MS)) {
      const pid = ownerOf(path);
      if (pid === undefined) removeDead(path, ticket);
      else if (!announced) {
        waiting(pid);
        announced = true;
      }
    }
    removeDeadTickets(path);
    return await work();
  } finally {
    // In this order: a lock without its ticket counts as free.
    rmSync(ticket, { force: true });
    release(path, content);
  }
}
