import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Bench } from "../../../../dev/bench/contender";
import { type Instruments, measureApply, measureCheck } from "../../../../dev/bench/phase";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "modelfleet-phase-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const command = (script: string) => ({ file: "bash", args: ["-c", script], cwd: directory, env: {} });

/** Instruments whose watch gives this moment for three Deployments. */
function instruments(moment: () => number): Instruments {
  return {
    // No process has this folder as its mark.
    bench: { cluster: directory } as Bench,
    directory,
    signal: new AbortController().signal,
    watch: {
      available: async (count) => {
        expect(count).toBe(3);
        return Promise.resolve(moment());
      },
      stop: async () => Promise.resolve(),
    },
  };
}

test("a phase is ready when the Deployments are available, if that is after the command's return", async () => {
  const times = await measureApply(
    [command("true")],
    3,
    instruments(() => performance.now() + 60_000),
  );
  expect(times.available).toBeGreaterThan(59);
  expect(times.ready).toBe(times.available);
  expect(times.returned).toBeLessThan(59);
});

test("a phase is ready when the command returns, if the Deployments were available before", async () => {
  const times = await measureApply(
    [command("sleep 0.1")],
    3,
    instruments(() => performance.now() - 60_000),
  );
  expect(times.available).toBe(0);
  expect(times.ready).toBe(times.returned);
  expect(times.returned).toBeGreaterThanOrEqual(0.1);
});

test("a check awaits nothing", async () => {
  const unused = instruments(() => {
    throw new Error("not to be called");
  });
  const times = await measureCheck(command("true"), unused);
  expect(times).not.toHaveProperty("available");
  expect(times).not.toHaveProperty("ready");
});

test.skipIf(!existsSync("/proc/self/status"))(
  "a command that fails leaves no timer, which would keep the benchmark from ending (skipped: no /proc)",
  async () => {
    const begin = vi.spyOn(globalThis, "setInterval");
    const end = vi.spyOn(globalThis, "clearInterval");
    const failing = measureCheck(
      command("exit 3"),
      instruments(() => 0),
    );
    await expect(failing).rejects.toThrow("exit code 3");
    const begun = begin.mock.results.map(({ value }): unknown => value);
    expect(begun.length).toBeGreaterThan(0);
    expect(end.mock.calls.map(([timer]): unknown => timer)).toEqual(expect.arrayContaining(begun));
  },
);
