import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchProcesses } from "../../../../dev/bench/processes";
import { killProcesses, processesOf, startDaemon } from "../../../../dev/cluster/processes";
import { until } from "../../../../lib/until";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "modelfleet-memory-"));
});
afterEach(async () => {
  await killProcesses(directory);
  rmSync(directory, { recursive: true, force: true });
});

test.skipIf(!existsSync("/proc/self/status"))(
  "what a folder's processes use is added up, also of those that have ended",
  async () => {
    const watch = watchProcesses(directory);
    // Each keeps 100 MiB for half a second.
    const keep = "const kept = Buffer.alloc(100 * 1024 * 1024, 1); setTimeout(() => kept.fill(2), 500)";
    for (const name of ["one", "two"])
      await startDaemon(directory, { name, command: process.execPath, args: ["-e", keep] });
    const ended = async () => (await processesOf(directory)).length === 0;
    expect(await until(ended, { intervalMs: 50, timeoutMs: 20_000 })).toBe(true);
    const usage = await watch.stop();
    expect(usage?.memory).toBeGreaterThan(200);
    expect(Object.keys(usage?.cpuBy ?? {}).sort()).toEqual(["one", "two"]);
    expect(usage?.cpuBy["one"]).toBeGreaterThan(0);
  },
);
