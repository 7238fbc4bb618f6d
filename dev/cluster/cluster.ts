import { existsSync } from "node:fs";
import { access as checkAccess, constants, mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { withLock } from "../../lib/lock.mjs";
import { say, step } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { controlPlaneProcesses, kubeconfigFile, kwokFolder, startControlPlane } from "./control-plane";
import { readDescription, writeDescription } from "./description";
import { clusterProcesses, untilReady, whatIsMissing } from "./health";
import { createIngressKinds, startIngressController } from "./ingress-controller";
import type { KubectlAccess } from "./kubectl";
import { lastErrors } from "./logs";
import { loadImages } from "./node/containerd";
import { createNode, joinNode, loadFirstImages, removeNode } from "./node/node";
import { findPrerequisites, type Prerequisites } from "./node/prerequisites";
import { claimPorts } from "./ports";
import { killProcesses } from "./processes";
import { createSimulatedNodes } from "./simulated-nodes";
import { tool, type ToolPaths } from "./tool-paths";

/** The file in a cluster's folder that only one command at a time may hold. */
const LOCK = "lock";

/** Whether pods run in containers (`real`) or are only said to be ready (`simulated`). */
export type NodeKind = "real" | "simulated";

/** What a local cluster is made from. */
export interface ClusterOptions {
  /** Lower-case letters, digits and "-"; part of names that the user sees. */
  readonly name: string;
  /** Absolute path of the folder that holds everything of this cluster, and nothing else. */
  readonly directory: string;
  /** `auto` is a real node where the machine can have one, else simulated ones with the reason in the result. */
  readonly nodes: NodeKind | "auto";
  /** How many simulated nodes, when they are simulated. @default 1 */
  readonly simulatedNodes?: number;
  /** OCI archives to load into a real node; one of them holds `modelfleet.local/pause:1`. @default none */
  readonly images?: readonly string[];
  /** Binaries: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, kwok, kwokctl, and for a real
   * node also kubelet, kube-proxy and traefik. */
  readonly tools: ToolPaths;
}

/** A local cluster that runs. */
export interface Cluster {
  readonly name: string;
  readonly nodes: NodeKind;
  /** Why the nodes are simulated although `auto` would rather have had a real one. */
  readonly fallbackReason?: string;
  /** Path of a kubeconfig whose user may do everything. */
  readonly kubeconfig: string;
  /** Where Ingresses of the classes `nginx` and `traefik` are served; undefined with simulated nodes. */
  readonly ingressUrl: string | undefined;
  readonly directory: string;
}

/**
 * Starts a local cluster and returns once it is ready; returns the running one at once when there is one of the wanted
 * kind. Whatever an earlier start left half-done, or the machine has lost since, is taken down first. The cluster
 * outlives the command. Throws a UserError when a real node is asked for and the machine cannot have it.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  if (!isAbsolute(options.directory)) throw new Error(`"${options.directory}" is not an absolute path`);
  return alone(options.directory, async () => {
    const running = await runningCluster(options.directory);
    if (running && (options.nodes === "auto" || options.nodes === running.nodes)) return running;
    const found = options.nodes === "simulated" ? undefined : findPrerequisites();
    const missing = found && "reason" in found ? found.reason : undefined;
    if (missing !== undefined && options.nodes === "real") throw noRealNode(missing);

    await takeDown(options.directory);
    if (!found || "reason" in found) return startSimulated(options, missing);
    try {
      return await startAnew(options, found);
    } catch (error) {
      const reason = await failureReason(options.directory, error);
      await takeDown(options.directory);
      if (options.nodes === "real") throw noRealNode(reason);
      return startSimulated(options, reason);
    }
  });
}

/** What is left to start when there can be no real node; takes down what did not come up, and keeps its logs. */
async function startSimulated(options: ClusterOptions, fallbackReason?: string): Promise<Cluster> {
  try {
    return await startAnew(options, undefined, fallbackReason);
  } catch (error) {
    const reason = await failureReason(options.directory, error);
    await takeDown(options.directory);
    const logs = join(options.directory, "logs");
    throw new UserError(`the local cluster did not start: ${reason}\n  more in ${logs}; then try again`);
  }
}

/**
 * The cluster in this directory when all of its parts live and its API server is ready, else undefined.
 *
 * @param patienceMs How long an API server that lives may take to be ready, in milliseconds. A minute unless told.
 */
export async function runningCluster(directory: string, patienceMs?: number): Promise<Cluster | undefined> {
  const description = await readDescription(directory);
  if (!description) return undefined;
  const { cluster } = description;
  const access = { kubectl: description.kubectl, kubeconfig: cluster.kubeconfig, directory };
  const missing = await whatIsMissing(access, clusterProcesses(cluster.nodes), patienceMs);
  return missing === undefined ? cluster : undefined;
}

/**
 * Takes the cluster in this directory down, whatever state it is in, with all that it made on the machine. Its folder
 * `logs` stays until the next start. Does nothing when there is no cluster.
 */
export async function stopCluster(directory: string): Promise<void> {
  await alone(directory, () => takeDown(directory));
  // Only an empty folder goes.
  await rmdir(directory).catch(() => undefined);
}

/** Loads further OCI archives into the real node of a running cluster; throws when its nodes are simulated. */
export async function addImages(cluster: Cluster, tars: readonly string[]): Promise<void> {
  await loadImages(cluster.directory, tars);
}

/** Runs work while no other command starts or stops the cluster in this directory; waits for one that does. */
async function alone<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(directory, { recursive: true });
    await checkAccess(directory, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    throw new UserError(`${directory} belongs to another user: run this as that user`);
  }
  const waiting = (pid: number) =>
    say(`  waiting for process ${pid}, which starts or stops the cluster in ${directory}`);
  return withLock(join(directory, LOCK), { waiting }, work);
}

/** Starts the cluster in a directory that holds none. */
function startAnew(
  options: ClusterOptions,
  real: Prerequisites | undefined,
  fallbackReason?: string,
): Promise<Cluster> {
  const title = `Starting a local cluster with ${real ? "real" : "simulated"} nodes`;
  return step(title, () => build(options, real, fallbackReason));
}

async function build(
  options: ClusterOptions,
  real: Prerequisites | undefined,
  fallbackReason?: string,
): Promise<Cluster> {
  const { directory, name, tools } = options;
  const kubeconfig = kubeconfigFile(directory);
  const access: KubectlAccess = { kubectl: tool(tools, "kubectl"), kubeconfig, directory };
  await rm(join(directory, "logs"), { recursive: true, force: true });
  await mkdir(join(directory, "logs"), { recursive: true });
  const claimed = await claimPorts(directory);
  try {
    const { ports } = claimed;
    const nodeOptions = real && { ...real, directory, tools, apiServerPort: ports.apiServer };
    const node = nodeOptions && (await createNode(nodeOptions));
    await together(directory, [
      startControlPlane({ name, directory, ports, tools, network: node?.network }),
      ...(node ? [loadFirstImages(directory, options.images ?? [])] : []),
    ]);
    const kind = node ? "real" : "simulated";
    const ready = () => untilReady(access, controlPlaneProcesses(kind));
    if (node) {
      await together(directory, [
        joinNode(access, node, join(kwokFolder(directory, name), "pki")),
        ready().then(() => startIngressController(access, tools, ports.ingress)),
      ]);
    } else {
      await ready();
      await createIngressKinds(access);
      await createSimulatedNodes(access, options.simulatedNodes ?? 1);
    }
    await untilReady(access, clusterProcesses(kind));
    const cluster: Cluster = {
      name,
      nodes: kind,
      ...(fallbackReason === undefined ? {} : { fallbackReason }),
      kubeconfig,
      ingressUrl: node && `http://127.0.0.1:${ports.ingress}`,
      directory,
    };
    writeDescription({ cluster, kubectl: access.kubectl });
    return cluster;
  } finally {
    claimed.release();
  }
}

/** Waits for all parts. When one fails, the others are ended, lest they meet the cluster that takes this one's place. */
async function together(directory: string, parts: readonly Promise<void>[]): Promise<void> {
  await Promise.all(parts).catch(async (error: unknown) => {
    await killProcesses(directory);
    await Promise.allSettled(parts);
    throw error;
  });
}

function noRealNode(reason: string): UserError {
  return new UserError(`this machine cannot have a real node: ${reason}`);
}

async function takeDown(directory: string): Promise<void> {
  // Of a checkout that was moved while its cluster ran, all that runs bears the mark of the old place.
  const former = (await readDescription(directory))?.cluster.directory ?? directory;
  for (const mark of existsSync(former) ? [directory] : [former, directory]) {
    await killProcesses(mark);
    if (process.platform === "linux" && process.getuid?.() === 0) await removeNode(mark);
  }
  for (const entry of await readdir(directory)) {
    // The lock is held, and others may wait for it.
    if (entry === "logs" || entry === LOCK || entry.startsWith(`${LOCK}.`)) continue;
    await rm(join(directory, entry), { recursive: true, force: true });
  }
}

async function failureReason(directory: string, error: unknown): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  const lines = await lastErrors(directory);
  return [message, ...lines].join("\n  ");
}
