import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withLock } from "../../../lib/lock.mjs";

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

  it("runs two pieces of work one after the other", async () => {
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

  it("is free again after work that fails", async () => {
    await expect(withLock(lock, { waiting }, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await readdir(join(directory, "made"))).toEqual([]);
  });

  it("says once for whom it waits", async () => {
    const slow = () => new Promise((resolve) => setTimeout(resolve, 500));
    await Promise.all([withLock(lock, { waiting }, slow), withLock(lock, { waiting }, slow)]);
    expect(waiting.mock.calls).toEqual([[process.pid]]);
  });

  it.each([
    ["was killed, even when its number has been given to another one", `{"pid":${process.pid},"start":"1"}`],
    ["wrote nothing that can be read", ""],
  ])("is taken over from a process that %s, by one waiter after the other", async (_why, content) => {
    await mkdir(join(directory, "made"));
    await writeFile(lock, content);
    let inside = 0;
    const work = async () => {
      inside += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(inside).toBe(1);
      inside -= 1;
      return "done";
    };
    const all = Array.from({ length: 5 }, () => withLock(lock, { waiting }, work));
    expect(await Promise.all(all)).toEqual(Array(5).fill("done"));
    expect(await readdir(join(directory, "made"))).toEqual([]);
  });
});
