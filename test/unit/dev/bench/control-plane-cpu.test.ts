import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { controlPlaneCpu } from "../../../../dev/bench/control-plane-cpu";
import { killProcesses, startDaemon } from "../../../../dev/cluster/processes";
import { until } from "../../../../lib/until";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "modelfleet-control-plane-"));
});
afterEach(async () => {
  await killProcesses(directory);
  rmSync(directory, { recursive: true, force: true });
});

const busy = { command: "bash", args: ["-c", "while :; do :; done"] };

test.skipIf(!existsSync("/proc/self/stat"))(
  "the processor time of the control plane's processes counts, and of no other process of the cluster",
  async () => {
    await startDaemon(directory, { name: "kubelet", ...busy });
    expect(await controlPlaneCpu(directory)).toBe(0);
    await startDaemon(directory, { name: "etcd", ...busy });
    const used = await until(async () => ((await controlPlaneCpu(directory)) ?? 0) > 0.02, {
      intervalMs: 50,
      timeoutMs: 10_000,
    });
    expect(used).toBe(true);
  },
);
