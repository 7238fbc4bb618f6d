import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  clusterEnvironment,
  hasEnded,
  isMarked,
  killProcesses,
  logFile,
  parseStat,
  processesOf,
  startDaemon,
} from "../../../../dev/cluster/processes";

describe("isMarked", () => {
  test("distinguishes directories that begin with the same letters", () => {
    const environment = "PATH=/bin\0MODELFLEET_CLUSTER=/clusters/ab\0HOME=/\0";
    expect(isMarked(environment, "/clusters/ab")).toBe(true);
    expect(isMarked(environment, "/clusters/a")).toBe(false);
  });
});

describe("parseStat", () => {
  test("reads a program whose name contains a parenthesis, and adds up user and system time", () => {
    // The fields 5 to 21, each with its number as value: utime is the fourteenth, stime the fifteenth.
    const rest = Array.from({ length: 17 }, (_, index) => index + 5).join(" ");
    expect(parseStat(`42 (a) S 7 (x) Z 17 ${rest} 987 0`)).toEqual({
      state: "Z",
      parent: 17,
      cpuSeconds: (14 + 15) / 100,
    });
  });
});

describe("clusterEnvironment", () => {
  test("has only PATH of the user's environment", () => {
    expect(Object.keys(clusterEnvironment("/clusters/a")).sort()).toEqual([
      "GOGC",
      "HOME",
      "MODELFLEET_CLUSTER",
      "PATH",
    ]);
  });
});

describe("daemons", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "modelfleet-processes-"));
  });
  afterEach(async () => {
    await killProcesses(directory);
    await rm(directory, { recursive: true });
  });

  test("are found by their mark, with their child processes, and killed together", async () => {
    const command = { command: "bash", args: ["-c", "echo begun; sleep 600 & wait"] };
    const pid = await startDaemon(directory, { name: "parent", ...command });
    const found = async () =>
      (await processesOf(directory)).map(({ parent, name }) => [parent === pid, name]);
    // At first a child is a copy of its parent, and it has no mark for an instant while it becomes `sleep`.
    await expect
      .poll(async () => (await found()).sort(), { timeout: 10_000 })
      .toEqual([
        [false, "parent"],
        [true, "sleep"],
      ]);
    expect(await readFile(logFile(directory, "parent"), "utf8")).toBe("begun\n");
    expect(await hasEnded(directory, "parent")).toBe(false);

    await killProcesses(directory);
    expect(await processesOf(directory)).toEqual([]);
    expect(await hasEnded(directory, "parent")).toBe(true);
  });

  test("fail with the system's error when there is no such command", async () => {
    const start = startDaemon(directory, { name: "nothing", command: "/no/such/command", args: [] });
    await expect(start).rejects.toThrow("ENOENT");
  });
});
