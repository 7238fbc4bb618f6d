import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ROOT } from "../../cli/environment";
import { say, step } from "../../lib/progress";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { buildImages, buildModelServerImage } from "../../local/images";
import { exportLogs } from "../../local/logs";
import { CLUSTER_TOOLS, ensureTools, NODE_TOOLS, PULUMI_TOOLS } from "../../tools/ensure";

declare module "vitest" {
  interface ProvidedContext {
    /** Runs containers and routes real HTTP, where the machine can; else simulated, with the reason. */
    real: Cluster;
    /** Pods that are ready and serve nothing: for what is about objects, and for scale. */
    simulated: Cluster;
  }
}

/** The release that tests roll out: the same server, which says that it is version 2. */
export const NEXT_IMAGE = "modelfleet.local/model-server:2";

/** Clusters of the tests' own, never the one of `npm start`; taken down whatever happens. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "modelfleet-e2e-"));
  const clusters: Cluster[] = [];
  const stop = async () => {
    for (const cluster of clusters) {
      const logs = join(ROOT, ".modelfleet", "e2e-logs", cluster.nodes);
      await exportLogs(cluster, logs).catch((error: unknown) =>
        say(`no logs of ${cluster.name}: ${String(error)}`),
      );
      await stopCluster(cluster.directory);
    }
  };
  try {
    const tools = await ensureTools([...PULUMI_TOOLS, ...CLUSTER_TOOLS, ...NODE_TOOLS]);
    const images = await step("Build the images of the tests", async () => [
      ...(await buildImages(join(directory, "images"))),
      await buildModelServerImage(join(directory, "images"), { tag: "2", env: { MODEL_VERSION: "2" } }),
    ]);
    for (const [name, nodes] of [
      ["e2e-real", "auto"],
      ["e2e-sim", "simulated"],
    ] as const) {
      const options = { name, nodes, directory: join(directory, name), images, tools, simulatedNodes: 3 };
      clusters.push(await step(`Start the cluster ${name}`, () => startCluster(options)));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const [real, simulated] = clusters as [Cluster, Cluster];
  if (real.nodes === "simulated")
    say(`! No real node, so no real requests: ${real.fallbackReason ?? "no reason given"}`);
  project.provide("real", real);
  project.provide("simulated", simulated);
  return stop;
}
