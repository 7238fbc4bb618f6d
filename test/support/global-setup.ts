import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startCluster, stopCluster } from "../../dev/cluster/cluster";
import { exportLogs } from "../../dev/cluster/logs";
import { findPrerequisites } from "../../dev/cluster/node/prerequisites";
import type { Cluster } from "../../dev/cluster/types";
import { buildImages, buildModelServerImage } from "../../dev/images/images";
import { TEST_CLUSTER_PREFIX } from "../../dev/places";
import { CLUSTER_TOOLS, ensureTools, NODE_TOOLS, PULUMI_TOOLS } from "../../dev/toolchain/ensure";
import { ROOT } from "../../lib/paths";
import { say, step } from "../../lib/progress";

declare module "vitest" {
  interface ProvidedContext {
    /** Runs containers and routes real HTTP if the machine can; otherwise simulated, with the reason. */
    real: Cluster;
    /** Its pods become ready and serve nothing: for tests of objects and of scale. */
    simulated: Cluster;
    /** The OCI archives that the real cluster has. */
    images: readonly string[];
  }
}

/** The image that tests roll out: the same server, which reports version 2. */
export const NEXT_IMAGE = "modelfleet.local/model-server:2";

async function buildAll(folder: string): Promise<string[]> {
  const next = { tag: "2", env: { MODEL_VERSION: "2" } };
  return [...(await buildImages(folder)), await buildModelServerImage(folder, next)];
}

/** Starts clusters for the tests only, never the cluster of `npm start`, and always stops them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-images-"));
  const clusters: Cluster[] = [];
  const stop = async () => {
    for (const cluster of clusters) {
      const logs = join(ROOT, ".modelfleet", "e2e-logs", cluster.nodes);
      await exportLogs(cluster, logs).catch((error: unknown) =>
        say(`no logs of ${cluster.name}: ${String(error)}`),
      );
      await stopCluster(cluster.directory);
      rmSync(cluster.directory, { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  };
  let images: readonly string[];
  try {
    const canBeReal = !("reason" in findPrerequisites());
    // Built here, too: beside running tests, a build of minutes would slow them.
    const realTools = canBeReal ? ([...NODE_TOOLS, "envoy-gateway", "metrics-server"] as const) : [];
    const tools = await ensureTools([...PULUMI_TOOLS, ...CLUSTER_TOOLS, ...realTools]);
    images = canBeReal ? await step("Build the images of the tests", () => buildAll(folder)) : [];
    for (const [name, nodes] of [
      ["e2e-real", "auto"],
      ["e2e-sim", "simulated"],
    ] as const) {
      const directory = mkdtempSync(join(tmpdir(), `${TEST_CLUSTER_PREFIX}${name}-`));
      const options = { name, nodes, directory, images, tools, simulatedNodes: 3 };
      clusters.push(await startCluster(options));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const [real, simulated] = clusters as [Cluster, Cluster];
  if (real.nodes === "simulated")
    say(`! No real node, so no real requests: ${real.simulatedBecause ?? "no reason given"}`);
  project.provide("real", real);
  project.provide("simulated", simulated);
  project.provide("images", images);
  return stop;
}
