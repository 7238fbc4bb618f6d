import { mkdir, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digest } from "../../lib/digest";
import { withLock } from "../../lib/lock.mjs";
import { ROOT } from "../../lib/paths";
import { say } from "../../lib/progress";
import { onSignals } from "../../lib/signals";
import { UserError } from "../../lib/user-error";
import { startCluster, stopCluster } from "../cluster/cluster";
import { CLUSTER_TOOLS, ensureTools, PULUMI_TOOLS } from "../toolchain/ensure";
import { playIngressController } from "./ingress-status";
import type { RunContext } from "./run";

/** A few nodes, since one would have to play all 301 pods. */
const NODES = 3;

/**
 * Runs a benchmark on a simulated cluster of its own, and takes everything down afterwards, also on Ctrl-C. What a
 * killed one left behind is taken down first. One at a time runs of a checkout.
 */
export async function withBench<T>(work: (context: RunContext) => Promise<T>): Promise<T> {
  // Outside the checkout, where `npm stop -- --purge` would take it away in the middle of a run.
  const home = join(tmpdir(), `modelfleet-bench-${digest(ROOT, 8)}`);
  const waiting = (pid: number) => say(`… waiting for process ${pid}, which runs a benchmark`);
  const inLock = async () => {
    const cluster = join(home, "cluster");
    const directory = join(home, "sessions");
    const interrupt = new AbortController();
    const stopListening = onSignals((signal) => {
      if (!interrupt.signal.aborted) say(`! ${signal}: taking everything down`);
      interrupt.abort(new UserError(`stopped by ${signal}`));
    });
    try {
      await stopCluster(cluster);
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
      const tools = await ensureTools([...PULUMI_TOOLS, ...CLUSTER_TOOLS]);
      const options = {
        name: "bench",
        directory: cluster,
        nodes: "simulated",
        simulatedNodes: NODES,
      } as const;
      const { kubeconfig } = await startCluster({ ...options, tools });
      interrupt.signal.throwIfAborted();
      const bench = { kubeconfig, tools };
      const endController = playIngressController(bench);
      try {
        return await work({ bench, directory, signal: interrupt.signal });
      } finally {
        await endController();
      }
    } finally {
      await stopCluster(cluster);
      await rm(cluster, { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
      stopListening();
    }
  };
  try {
    return await withLock(join(home, "lock"), { waiting }, inLock);
  } finally {
    // Only an empty folder goes: another benchmark may wait for its turn in it.
    await rmdir(home).catch(() => undefined);
  }
}
