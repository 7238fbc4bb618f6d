import { existsSync } from "node:fs";
import { access as checkAccess, constants, mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { withLock } from "../../lib/lock.mjs";
import { say, step } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { kubeconfigFile } from "./control-plane";
import { readDescription, writeDescription } from "./description";
import { clusterProcesses, whatIsMissing } from "./health";
import type { KubectlAccess } from "./kubectl";
import { lastErrors } from "./logs";
import { loadImages } from "./node/containerd";
import { removeNode } from "./node/node";
import { findPrerequisites, type Prerequisites } from "./node/prerequisites";
import { realParts, simulatedParts, startParts } from "./parts";
import { claimPorts } from "./ports";
import { killProcesses } from "./processes";
import type { Cluster, ClusterOptions } from "./types";

/** The lock file in a cluster's folder: one command at a time starts or stops the cluster. */
const LOCK = "lock";

/** Why a cluster did not start. */
interface Failure {
  readonly reason: string;
}

/**
 * Starts a local cluster, which keeps running after this command, and returns when it is ready. Returns a cluster of
 * the wanted kind at once if it is running already. First takes down what an earlier start left incomplete, or what
 * has lost a process since. Throws a UserError when `nodes` is `real` and the machine cannot have a real node.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { directory, nodes, beforeNew } = options;
  if (!isAbsolute(directory)) throw new Error(`"${directory}" is not an absolute path`);
  return withClusterLock(directory, async () => {
    const former = await inspect(directory);
    if (former && former.missing === undefined && (nodes === "auto" || nodes === former.cluster.nodes))
      return former.cluster;
    const found = nodes === "simulated" ? undefined : findPrerequisites();
    const missing = found && "reason" in found ? found.reason : undefined;
    if (missing !== undefined && nodes === "real") throw noRealNode(missing);

    beforeNew?.(former && (former.missing ?? `it has ${former.cluster.nodes} nodes`));
    await takeDown(directory);
    if (!found || "reason" in found) return startSimulated(options, missing);
    const started = await startFresh(options, found);
    if (!("reason" in started)) return started;
    if (nodes === "real") throw noRealNode(started.reason);
    return startSimulated(options, started.reason);
  });
}

/** @param simulatedBecause Why there is no real node. @default none was wanted */
async function startSimulated(options: ClusterOptions, simulatedBecause?: string): Promise<Cluster> {
  const started = await startFresh(options, undefined, simulatedBecause);
  if (!("reason" in started)) return started;
  const logs = join(options.directory, "logs");
  throw new UserError(
    `the local cluster did not start: ${started.reason}\n  more in ${logs}; then try again`,
  );
}

/**
 * The cluster in this directory if all its processes are alive and its API server is ready, else undefined.
 *
 * @param patienceMs How long the API server may take to be ready, in milliseconds. @default one minute
 */
export async function runningCluster(directory: string, patienceMs?: number): Promise<Cluster | undefined> {
  const found = await inspect(directory, patienceMs);
  return found?.missing === undefined ? found?.cluster : undefined;
}

/** The cluster in this directory, and what it is missing, if anything; undefined if none became ready here. */
async function inspect(
  directory: string,
  patienceMs?: number,
): Promise<{ readonly cluster: Cluster; readonly missing: string | undefined } | undefined> {
  const description = await readDescription(directory);
  if (!description) return undefined;
  const { cluster } = description;
  const access = { kubectl: description.kubectl, kubeconfig: cluster.kubeconfig, directory };
  return { cluster, missing: await whatIsMissing(access, clusterProcesses(cluster.nodes), patienceMs) };
}

/**
 * Takes down the cluster in this directory, in any state, with everything that it made on the machine. Its folder
 * `logs` stays until the next start. Does nothing when there is no cluster.
 */
export async function stopCluster(directory: string): Promise<void> {
  await withClusterLock(directory, () => takeDown(directory));
  // Removes an empty folder only.
  await rmdir(directory).catch(() => undefined);
}

/** Loads more OCI archives into the real node of a running cluster; throws when its nodes are simulated. */
export async function addImages(cluster: Cluster, tars: readonly string[]): Promise<void> {
  await loadImages(cluster.directory, tars);
}

/** Runs work while no other command starts or stops the cluster in this directory; waits for such a command. */
async function withClusterLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
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

/**
 * Starts a cluster in a directory that has none. When a part fails, it takes the others down, keeps the logs, and
 * returns the reason.
 */
async function startFresh(
  options: ClusterOptions,
  machine: Prerequisites | undefined,
  simulatedBecause?: string,
): Promise<Cluster | Failure> {
  const { directory } = options;
  const nodes = machine ? "real" : "simulated";
  try {
    return await step(`Starting a local cluster with ${nodes} nodes`, async (report) => {
      const cluster = {
        ...(await createCluster(options, machine, report)),
        ...(simulatedBecause !== undefined && { simulatedBecause }),
      };
      writeDescription({ cluster, kubectl: options.tools.kubectl });
      return cluster;
    });
  } catch (error) {
    const reason = await failureReason(directory, error);
    await takeDown(directory);
    return { reason };
  }
}

async function createCluster(
  options: ClusterOptions,
  machine: Prerequisites | undefined,
  report: (text: string) => void,
): Promise<Cluster> {
  const { directory, name, tools } = options;
  const access: KubectlAccess = {
    kubectl: tools.kubectl,
    kubeconfig: kubeconfigFile(directory),
    directory,
  };
  await rm(join(directory, "logs"), { recursive: true, force: true });
  await mkdir(join(directory, "logs"), { recursive: true });
  const { ports, release } = await claimPorts(directory);
  try {
    const context = { options, access, ports };
    await startParts(directory, machine ? realParts(context, machine) : simulatedParts(context), report);
  } finally {
    release();
  }
  return {
    name,
    nodes: machine ? "real" : "simulated",
    kubeconfig: access.kubeconfig,
    ingressUrl: machine && `http://127.0.0.1:${ports.ingress}`,
    ingressHttpsUrl: machine && `https://127.0.0.1:${ports.ingressHttps}`,
    directory,
  };
}

function noRealNode(reason: string): UserError {
  return new UserError(`this machine cannot have a real node: ${reason}`);
}

async function takeDown(directory: string): Promise<void> {
  // If the checkout was moved while its cluster ran, the processes still have the old directory as their mark.
  const former = (await readDescription(directory))?.cluster.directory ?? directory;
  for (const mark of existsSync(former) ? [directory] : [former, directory]) {
    await killProcesses(mark);
    if (process.platform === "linux" && process.getuid?.() === 0) await removeNode(mark);
  }
  for (const entry of await readdir(directory)) {
    // This process holds the lock, and others may be waiting for it.
    if (entry === "logs" || entry === LOCK || entry.startsWith(`${LOCK}.`)) continue;
    await rm(join(directory, entry), { recursive: true, force: true });
  }
}

async function failureReason(directory: string, error: unknown): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  const lines = await lastErrors(directory);
  return [message, ...lines].join("\n  ");
}
