import { join } from "node:path";
import { say } from "../../lib/progress";
import { runningCluster, startCluster } from "../cluster/cluster";
import { ensureSystemPackages } from "../cluster/node/system-packages";
import type { Cluster, ClusterOptions } from "../cluster/types";
import { buildImages } from "../images/images";
import { CLUSTER_DIRECTORY, CLUSTER_NAME, LOCAL_DIRECTORY, STACK, STATE_DIRECTORY } from "../places";
import {
  CLUSTER_TOOLS,
  ensureTools,
  NODE_TOOLS,
  provideTools,
  PULUMI_TOOLS,
  type PulumiTools,
} from "../toolchain/ensure";
import { lossReport, stacksWithObjects } from "./lost";

/** The local cluster, and the programs that update it. */
export interface LocalCluster {
  readonly cluster: Cluster;
  readonly tools: PulumiTools;
}

/**
 * The running local cluster, or a new one, with real nodes if the machine can run them. A new one starts as soon as its
 * programs are there, while those of Pulumi are still built.
 */
export async function localCluster(simulated: boolean): Promise<LocalCluster> {
  // Does not wait for a cluster that is starting: startCluster does.
  const running = await runningCluster(CLUSTER_DIRECTORY, 0);
  if (running && (running.nodes === "simulated" || !simulated))
    return { cluster: running, tools: await ensureTools(PULUMI_TOOLS) };
  const whySimulated = simulated ? "asked for with --simulated" : await ensureSystemPackages();
  const ofCluster = [...CLUSTER_TOOLS, ...(whySimulated ? [] : NODE_TOOLS)];
  const tools = provideTools([...PULUMI_TOOLS, ...ofCluster]);
  try {
    const cluster = await newCluster(whySimulated, tools.of(ofCluster));
    return { cluster, tools: await tools.of(PULUMI_TOOLS) };
  } catch (error) {
    tools.stop();
    throw error;
  }
}

/** @param whySimulated Why the nodes are simulated; undefined if the machine can have real ones. */
async function newCluster(
  whySimulated: string | undefined,
  tools: Promise<ClusterOptions["tools"]>,
): Promise<Cluster> {
  const [images, clusterTools] = await Promise.all([
    whySimulated ? [] : buildImages(join(LOCAL_DIRECTORY, "images")),
    tools,
  ]);
  const cluster = await startCluster({
    name: CLUSTER_NAME,
    directory: CLUSTER_DIRECTORY,
    nodes: whySimulated ? "simulated" : "auto",
    images,
    tools: clusterTools,
    beforeNew: (why) => lossReport(why, STACK, stacksWithObjects(STATE_DIRECTORY)).forEach(say),
  });
  const reason = whySimulated ?? cluster.simulatedBecause;
  if (cluster.nodes === "simulated") say(`Simulated nodes: ${reason ?? "a real node did not start"}.`);
  return cluster;
}
