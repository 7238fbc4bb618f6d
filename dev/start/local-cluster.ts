import { join } from "node:path";
import { say } from "../../lib/progress";
import { runningCluster, startCluster } from "../cluster/cluster";
import { ensureSystemPackages } from "../cluster/node/system-packages";
import type { Cluster } from "../cluster/types";
import { buildImages } from "../images/images";
import { CLUSTER_DIRECTORY, CLUSTER_NAME, LOCAL_DIRECTORY, STACK, STATE_DIRECTORY } from "../places";
import { CLUSTER_TOOLS, ensureTools, NODE_TOOLS, PULUMI_TOOLS } from "../toolchain/ensure";
import { lossReport, stacksWithObjects } from "./lost";

/** The running local cluster, or a new one, with real nodes if the machine can run them. */
export async function localCluster(simulated: boolean): Promise<Cluster> {
  // Does not wait for a cluster that is starting: startCluster does.
  const running = await runningCluster(CLUSTER_DIRECTORY, 0);
  if (running && (running.nodes === "simulated" || !simulated)) return running;
  const whySimulated = simulated ? "asked for with --simulated" : await ensureSystemPackages();
  const tools = await ensureTools([...PULUMI_TOOLS, ...CLUSTER_TOOLS, ...(whySimulated ? [] : NODE_TOOLS)]);
  const images = whySimulated ? [] : await buildImages(join(LOCAL_DIRECTORY, "images"));
  const cluster = await startCluster({
    name: CLUSTER_NAME,
    directory: CLUSTER_DIRECTORY,
    nodes: whySimulated ? "simulated" : "auto",
    images,
    tools,
    beforeNew: (why) => lossReport(why, STACK, stacksWithObjects(STATE_DIRECTORY)).forEach(say),
  });
  const reason = whySimulated ?? cluster.simulatedBecause;
  if (cluster.nodes === "simulated") say(`Simulated nodes: ${reason ?? "a real node did not start"}.`);
  return cluster;
}
