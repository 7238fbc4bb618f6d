import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { until } from "../../../lib/until";
import { writeWhole } from "../../../lib/write-whole";
import type { NodeTools } from "../../toolchain/ensure";
import type { KubectlAccess } from "../kubectl";
import { clusterId, createLink, moveLinkEnd, type Network, removeLink } from "../network";
import { hasEnded, processesOf, startDaemon } from "../processes";
import { createCgroup, removeCgroup } from "./cgroups";
import { NODE_NAME, nodeFiles, nodeKubeconfig, type NodeSettings, PAUSE_IMAGE } from "./config";
import { hasImage, loadImages } from "./containerd";
import type { Prerequisites } from "./prerequisites";
import {
  containerdAnswers,
  createProbe,
  deleteProbe,
  isNodeReady,
  isProbeRunning,
  probeComplaint,
} from "./probe";

const HERE = import.meta.dirname;

/** How long each step of the node's start may take, in milliseconds. */
const STEP_TIMEOUT_MS = 60_000;

/** The process that holds the node's namespaces: the node ends with it. */
const INIT = "node-init";

/** The names of the node's processes, as `processesOf` reports them. */
export const NODE_PROCESSES = [INIT, "api-forwarder", "containerd", "kubelet", "kube-proxy"];

/** The settings of a real node that the caller decides. */
export interface NodeOptions extends Prerequisites {
  readonly directory: string;
  readonly tools: NodeTools;
  readonly apiServerPort: number;
}

/**
 * Creates the node's namespaces, network, cgroup and configuration, and starts containerd in it. The kubelet waits for
 * `joinNode`, so that this can run before the control plane is ready.
 */
export async function createNode(options: NodeOptions): Promise<NodeSettings> {
  const { directory, apiServerPort, cniFolder } = options;
  const cgroup = clusterId(directory);
  await createCgroup(cgroup);
  const network = await createLink(directory);
  const settings = { network, cgroup, apiServerPort, cniFolder };
  await writeNodeFiles(directory, settings);
  const unshare = await startInit(options, network);
  await moveLinkEnd(directory, await waitForChild(directory, unshare));
  await startDaemon(directory, {
    name: "api-forwarder",
    command: process.execPath,
    args: [join(HERE, "forward-api.mjs"), network.hostAddress, String(apiServerPort)],
  });
  return settings;
}

async function writeNodeFiles(directory: string, settings: NodeSettings): Promise<void> {
  for (const [path, content] of Object.entries(nodeFiles(settings))) {
    const file = join(nodeFolder(directory), path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Starts init.sh in new namespaces; returns the process ID of `unshare`, the parent of the node's first process. */
async function startInit({ directory, tools, containerd }: NodeOptions, network: Network): Promise<number> {
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const addresses = [network.hostAddress, network.nodeAddress, NODE_NAME];
  const binaries = [tools.kubelet, tools["kube-proxy"], containerd];
  return startDaemon(directory, {
    name: INIT,
    command: "unshare",
    args: [...namespaces, "bash", join(HERE, "init.sh"), ...addresses, ...binaries],
    cwd: nodeFolder(directory),
  });
}

/** Loads OCI archives into a node whose containerd is just starting; throws when it does not answer. */
export async function loadFirstImages(directory: string, images: readonly string[]): Promise<void> {
  await untilNode(directory, "containerd does not answer", () => containerdAnswers(directory));
  await loadImages(directory, images);
  // Without it no pod starts, and containerd would report that only after it had tried a registry.
  if (!(await hasImage(directory, PAUSE_IMAGE))) throw new Error(`no archive has the image ${PAUSE_IMAGE}`);
}

/**
 * Gives the node the keys of the control plane and returns when a pod runs on it; the condition Ready alone does not
 * prove that the node works. Throws when a process of the node ends or takes too long.
 */
export async function joinNode(access: KubectlAccess, settings: NodeSettings, pki: string): Promise<void> {
  const { directory } = access;
  const folder = nodeFolder(directory);
  await mkdir(join(folder, "pki"), { recursive: true, mode: 0o700 });
  for (const file of ["ca.crt", "admin.crt", "admin.key"])
    await copyFile(join(pki, file), join(folder, "pki", file));
  // The kubelet starts as soon as this file exists, so it must be complete.
  writeWhole(join(folder, "kubeconfig"), nodeKubeconfig(settings), 0o600);
  await untilNode(directory, "the kubelet does not register the node", () => isNodeReady(access));
  await createProbe(access);
  await untilNode(directory, "the first pod does not run", () => isProbeRunning(access)).catch(
    async (error: Error) => {
      throw new Error(`${error.message}: ${await probeComplaint(access)}`);
    },
  );
  await deleteProbe(access);
}

/** The folder of the node's files, in the cluster's directory. */
export function nodeFolder(directory: string): string {
  return join(directory, "node");
}

/** Removes what the node's processes leave when they end: its link and its cgroups. */
export async function removeNode(directory: string): Promise<void> {
  await removeLink(directory);
  await removeCgroup(clusterId(directory));
}

async function waitForChild(directory: string, parent: number): Promise<number> {
  return untilNode(
    directory,
    "the node's namespaces were not created",
    async () => (await processesOf(directory)).find((one) => one.parent === parent)?.pid,
  );
}

/** Polls until the condition gives a value; throws this complaint when the node ends, or after a minute. */
async function untilNode<T>(
  directory: string,
  complaint: string,
  condition: () => Promise<T | false | undefined>,
): Promise<T> {
  const whileAlive = async () => {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (await hasEnded(directory, INIT)) throw new Error(`${complaint}: the node has ended`);
    return undefined;
  };
  const value = await until(whileAlive, { intervalMs: 50, timeoutMs: STEP_TIMEOUT_MS });
  if (value === undefined) throw new Error(`${complaint} within ${STEP_TIMEOUT_MS / 1000} s`);
  return value;
}
