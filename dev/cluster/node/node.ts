import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../../../lib/until";
import { writeWhole } from "../../../lib/write-whole";
import type { KubectlAccess } from "../kubectl";
import { clusterId, createLink, moveLinkEnd, removeLink } from "../network";
import { hasEnded, processesOf, startDaemon } from "../processes";
import { tool, type ToolPaths } from "../tool-paths";
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

const HERE = dirname(fileURLToPath(import.meta.url));

/** How long each step of the node's start may take, in milliseconds. */
const STEP_TIMEOUT_MS = 60_000;

/** The process that holds the node's namespaces: the node lives and dies with it. */
const INIT = "node-init";

/** The names of the node's processes, as `processesOf` reports them. */
export const NODE_PROCESSES = [INIT, "api-forwarder", "containerd", "kubelet", "kube-proxy"];

/** What a real node is made from. */
export interface NodeOptions extends Prerequisites {
  readonly directory: string;
  readonly tools: ToolPaths;
  readonly apiServerPort: number;
}

/**
 * Makes the node's namespaces, network, cgroup and configuration and starts containerd in it. The kubelet waits for
 * `joinNode`, so that all this happens while the control plane starts.
 */
export async function createNode(options: NodeOptions): Promise<NodeSettings> {
  const { directory, tools } = options;
  const cgroup = clusterId(directory);
  await createCgroup(cgroup);
  const network = await createLink(directory);
  const settings = { network, cgroup, apiServerPort: options.apiServerPort, cniFolder: options.cniFolder };
  const folder = nodeFolder(directory);
  for (const [path, content] of Object.entries(nodeFiles(settings))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const binaries = [tool(tools, "kubelet"), tool(tools, "kube-proxy"), options.containerd];
  const unshare = await startDaemon(directory, {
    name: INIT,
    command: "unshare",
    args: [
      ...[
        "--net",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "bash",
        join(HERE, "init.sh"),
      ],
      ...[network.hostAddress, network.nodeAddress, NODE_NAME, ...binaries],
    ],
    cwd: folder,
  });
  await moveLinkEnd(directory, await waitForChild(directory, unshare));
  await startDaemon(directory, {
    name: "api-forwarder",
    command: process.execPath,
    args: [join(HERE, "forward-api.mjs"), network.hostAddress, String(options.apiServerPort)],
  });
  return settings;
}

/** Loads OCI archives into a node whose containerd has just been started; throws when it does not answer. */
export async function loadFirstImages(directory: string, images: readonly string[]): Promise<void> {
  await untilNode(directory, "containerd does not answer", () => containerdAnswers(directory));
  await loadImages(directory, images);
  // Without it no pod starts; containerd would only say so after it has looked for a registry in vain.
  if (!(await hasImage(directory, PAUSE_IMAGE))) throw new Error(`no image given is ${PAUSE_IMAGE}`);
}

/**
 * Gives the node the keys of the control plane and returns once a pod runs on it, which is all that tells a node that
 * works from one that is merely Ready. Throws when a part of the node ends or takes too long.
 */
export async function joinNode(access: KubectlAccess, settings: NodeSettings, pki: string): Promise<void> {
  const { directory } = access;
  const folder = nodeFolder(directory);
  await mkdir(join(folder, "pki"), { recursive: true, mode: 0o700 });
  for (const file of ["ca.crt", "admin.crt", "admin.key"])
    await copyFile(join(pki, file), join(folder, "pki", file));
  // The kubelet starts as soon as this file is there, so it appears whole.
  writeWhole(join(folder, "kubeconfig"), nodeKubeconfig(settings), 0o600);
  await untilNode(directory, "the kubelet does not register the node", () => isNodeReady(access));
  await createProbe(access);
  await untilNode(directory, "a first pod does not run", () => isProbeRunning(access)).catch(
    async (error: Error) => {
      throw new Error(`${error.message}: ${await probeComplaint(access)}`);
    },
  );
  await deleteProbe(access);
}

/** Where the node's files are, inside the cluster's directory. */
export function nodeFolder(directory: string): string {
  return join(directory, "node");
}

/** Removes what the node's processes leave behind once they have ended: its link and its cgroups. */
export async function removeNode(directory: string): Promise<void> {
  await removeLink(directory);
  await removeCgroup(clusterId(directory));
}

async function waitForChild(directory: string, parent: number): Promise<number> {
  return untilNode(
    directory,
    "the node's namespaces cannot be made",
    async () => (await processesOf(directory)).find((one) => one.parent === parent)?.pid,
  );
}

/** Polls until the condition gives a value; throws this complaint when the node ends meanwhile, or after a minute. */
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
