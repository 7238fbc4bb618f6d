import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "../../../local/lock";

describe("withLock", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "modelfleet-lock-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("runs two pieces of work one after the other", async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      events.push(`${name} ends`);
    };
    await Promise.all([withLock(directory, work("a")), withLock(directory, work("b"))]);
    const [first, second] = events[0] === "a begins" ? ["a", "b"] : ["b", "a"];
    expect(events).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
  });

  it("is free again after work that fails", async () => {
    await expect(withLock(directory, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await readdir(directory)).toEqual([]);
  });

  it("is taken over from a process that was killed, even when its number has been given to another one", async () => {
    await writeFile(join(directory, "lock"), `${process.pid} 1 0.5`);
    expect(await withLock(directory, async () => "done")).toBe("done");
  });
});
