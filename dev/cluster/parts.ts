import { join } from "node:path";
import { type ClusterTools, NODE_TOOLS, type NodeTools } from "../toolchain/ensure";
import { controlPlaneProcesses, kwokFolder, startControlPlane } from "./control-plane";
import { clusterProcesses, untilReady } from "./health";
import { createIngressObjects, startIngressController } from "./ingress-controller";
import type { KubectlAccess } from "./kubectl";
import type { NodeSettings } from "./node/config";
import { createNode, joinNode, loadFirstImages } from "./node/node";
import type { Prerequisites } from "./node/prerequisites";
import type { Ports } from "./ports";
import { killProcesses } from "./processes";
import { createSimulatedNodes } from "./simulated-nodes";
import type { ClusterOptions } from "./types";

/** Parts that start side by side, by name. */
type Stage = Readonly<Record<string, () => Promise<void>>>;

/** What the parts of a cluster are started with. */
export interface PartContext {
  readonly options: ClusterOptions;
  readonly access: KubectlAccess;
  readonly ports: Ports;
}

/** The parts of a cluster with a real node, in the order of their start. */
export function realParts({ options, access, ports }: PartContext, machine: Prerequisites): Stage[] {
  const { name, directory, images = [] } = options;
  const tools = withNodeTools(options.tools);
  const pki = join(kwokFolder(directory, name), "pki");
  let node: NodeSettings;
  return [
    {
      "the node's namespaces": async () => {
        node = await createNode({ ...machine, directory, tools, apiServerPort: ports.apiServer });
      },
    },
    {
      "the control plane": () => startControlPlane({ name, directory, ports, tools, network: node.network }),
      "the node's images": () => loadFirstImages(directory, images),
    },
    {
      "the node": () => joinNode(access, node, pki),
      "the ingress controller": async () => {
        await untilReady(access, controlPlaneProcesses("real"));
        await startIngressController(access, tools, ports);
      },
    },
    { "all processes": () => untilReady(access, clusterProcesses("real")) },
  ];
}

/** The parts of a cluster with simulated nodes, in the order of their start. */
export function simulatedParts({ options, access, ports }: PartContext): Stage[] {
  const { name, directory, tools, simulatedNodes = 1 } = options;
  return [
    { "the control plane": () => startControlPlane({ name, directory, ports, tools, network: undefined }) },
    { "the API server": () => untilReady(access, controlPlaneProcesses("simulated")) },
    {
      "the ingress controller's kinds": () => createIngressObjects(access, tools["gateway-api"]),
      "the nodes": () => createSimulatedNodes(access, simulatedNodes),
    },
    { "all processes": () => untilReady(access, clusterProcesses("simulated")) },
  ];
}

/**
 * Starts parts stage by stage.
 *
 * @param report Gets the names of the parts that are starting.
 */
export async function startParts(
  directory: string,
  stages: readonly Stage[],
  report: (text: string) => void,
): Promise<void> {
  for (const stage of stages) {
    report(`waiting for ${Object.keys(stage).join(" and ")}`);
    await allOrNone(
      directory,
      Object.values(stage).map((start) => start()),
    );
  }
}

/** Waits for all parts. When one fails, the others are ended too: they must not reach the cluster that replaces this one. */
async function allOrNone(directory: string, parts: readonly Promise<void>[]): Promise<void> {
  try {
    await Promise.all(parts);
  } catch (error) {
    if (parts.length > 1) await killProcesses(directory);
    await Promise.allSettled(parts);
    throw error;
  }
}

function withNodeTools(tools: ClusterOptions["tools"]): ClusterTools & NodeTools {
  const missing = NODE_TOOLS.filter((name) => !tools[name]);
  if (missing.length > 0) throw new Error(`the option "tools" has no path of ${missing.join(", ")}`);
  return tools as ClusterTools & NodeTools;
}
