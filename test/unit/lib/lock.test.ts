import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withLock } from "../../../lib/lock.mjs";
import { ROOT } from "../../../lib/paths";

describe("withLock", () => {
  let directory: string;
  let lock: string;
  const waiting = vi.fn();
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "modelfleet-lock-"));
    lock = join(directory, "made", "lock");
    waiting.mockReset();
  });
  afterEach(() => rm(directory, { recursive: true }));

  test("runs two tasks one after the other", async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      events.push(`${name} ends`);
    };
    await Promise.all([withLock(lock, { waiting }, work("a")), withLock(lock, { waiting }, work("b"))]);
    const [first, second] = events[0] === "a begins" ? ["a", "b"] : ["b", "a"];
    expect(events).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
  });

  test("frees the lock when the work fails", async () => {
    await expect(withLock(lock, { waiting }, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await readdir(join(directory, "made"))).toEqual([]);
  });

  test("calls `waiting` once, with the holder's process ID", async () => {
    const slow = () => new Promise((resolve) => setTimeout(resolve, 500));
    await Promise.all([withLock(lock, { waiting }, slow), withLock(lock, { waiting }, slow)]);
    expect(waiting.mock.calls).toEqual([[process.pid]]);
  });

  test("gives the lock of a killed process to one process at a time, and removes the killed one's files", async () => {
    await mkdir(join(directory, "made"));
    // The ID of a running process with another start time: the ID was reused.
    const dead = JSON.stringify({ pid: process.pid, start: "1", ticket: `lock.${process.pid}.7` });
    for (const file of [lock, `${lock}.${process.pid}.7`]) await writeFile(file, dead);
    const log = join(directory, "log");
    const module = pathToFileURL(join(ROOT, "lib", "lock.mjs"));
    const script = `
      import { appendFileSync } from "node:fs";
      import { withLock } from ${JSON.stringify(module)};
      const say = (text) => appendFileSync(${JSON.stringify(log)}, text);
      await withLock(${JSON.stringify(lock)}, { waiting() {} }, async () => {
        say("(");
        await new Promise((resolve) => setTimeout(resolve, 20));
        say(")");
      });`;
    const run = () => execa("node", ["--input-type=module", "--eval", script]);
    await Promise.all(Array.from({ length: 4 }, run));
    expect(await readFile(log, "utf8")).toBe("()()()()");
    expect(await readdir(join(directory, "made"))).toEqual([]);
  });

  test.each([
    ["is not readable", () => ""],
    // The content of a held lock, written again after its release.
    ["belongs to a running process that has released it", () => readFile(lock, "utf8")],
  ])("takes over a lock that %s", async (_why, read) => {
    const content = await withLock(lock, { waiting }, async () => read());
    await writeFile(lock, content);
    expect(await withLock(lock, { waiting }, async () => "done")).toBe("done");
    expect(waiting).not.toHaveBeenCalled();
  });
});
