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
import type { Bench } from "./contender";
import { simulateIngressController } from "./ingress-status";
import type { RunContext } from "./run";

/** More than one node, because a single one would have all 301 pods. */
const NODES = 3;

/**
 * Runs a benchmark on its own simulated cluster, and deletes everything afterwards, also on Ctrl-C. First it deletes what
 * a killed benchmark left. One benchmark at a time runs per checkout.
 */
export async function withBench<T>(work: (context: RunContext) => Promise<T>): Promise<T> {
  // Outside the checkout, where `npm stop -- --purge` would delete it during a run.
  const home = join(tmpdir(), `modelfleet-bench-${digest(ROOT, 8)}`);
  const waiting = (pid: number) => say(`… waiting for process ${pid}, which runs a benchmark`);
  try {
    return await withLock(join(home, "lock"), { waiting }, () => runIn(home, work));
  } finally {
    // Removes an empty folder only: another benchmark may wait for the lock in it.
    await rmdir(home).catch(() => undefined);
  }
}

async function runIn<T>(home: string, work: (context: RunContext) => Promise<T>): Promise<T> {
  const cluster = join(home, "cluster");
  const directory = join(home, "sessions");
  const clear = async () => {
    await stopCluster(cluster);
    await rm(cluster, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  };
  const interrupt = new AbortController();
  const stopListening = onSignals((signal) => {
    if (!interrupt.signal.aborted) say(`! ${signal}: taking everything down`);
    interrupt.abort(new UserError(`stopped by ${signal}`));
  });
  try {
    await clear();
    await mkdir(directory, { recursive: true });
    const bench = await startBench(cluster);
    interrupt.signal.throwIfAborted();
    const stopController = simulateIngressController(bench);
    try {
      return await work({ bench, directory, signal: interrupt.signal });
    } finally {
      await stopController();
    }
  } finally {
    await clear();
    stopListening();
  }
}

async function startBench(directory: string): Promise<Bench> {
  const tools = await ensureTools([...PULUMI_TOOLS, ...CLUSTER_TOOLS]);
  const { kubeconfig } = await startCluster({
    name: "bench",
    directory,
    nodes: "simulated",
    simulatedNodes: NODES,
    tools,
  });
  return { kubeconfig, cluster: directory, tools };
}
