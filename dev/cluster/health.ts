import { say } from "../../lib/progress";
import { until } from "../../lib/until";
import { controlPlaneProcesses } from "./control-plane";
import { kubectl, type KubectlAccess } from "./kubectl";
import { NODE_PROCESSES } from "./node/node";
import { hasEnded, processesOf } from "./processes";

/**
 * How long the processes of a cluster may live without its API server being ready, in milliseconds. It serves before it
 * is ready (roles are written meanwhile), and on a busy machine a ready one may miss its own deadlines for a moment.
 */
const READY_TIMEOUT_MS = 60_000;

/** After how many milliseconds of waiting it says so. */
const SILENCE_MS = 2_000;

/** The names of all processes of a cluster. */
export function clusterProcesses(nodes: "real" | "simulated"): string[] {
  return [...controlPlaneProcesses(nodes), ...(nodes === "real" ? [...NODE_PROCESSES, "traefik"] : [])];
}

/** Returns once these processes live and the API server is ready; throws when that does not come to be. */
export async function untilReady(access: KubectlAccess, processes: readonly string[]): Promise<void> {
  const missing = await whatIsMissing(access, processes);
  if (missing !== undefined) throw new Error(missing);
}

/**
 * What keeps a cluster from being whole, in words; undefined when these processes live and the API server is ready.
 * Waits for an API server that is not, since slow is not broken: who takes the one for the other takes a healthy cluster
 * down.
 *
 * @param patienceMs How long the API server may take, in milliseconds. A minute unless told.
 */
export async function whatIsMissing(
  access: KubectlAccess,
  processes: readonly string[],
  patienceMs = READY_TIMEOUT_MS,
): Promise<string | undefined> {
  const began = performance.now();
  let missing: string | undefined;
  let said = false;
  const isDecided = async () => {
    const ended = await endedProcesses(access.directory, processes);
    missing = ended.length > 0 ? `no process ${ended.join(", ")}` : await readyComplaint(access);
    if (ended.length > 0 || missing === undefined) return true;
    if (!said && performance.now() - began > SILENCE_MS) {
      say("  waiting for the API server of the local cluster");
      said = true;
    }
    return false;
  };
  await until(isDecided, { intervalMs: 100, timeoutMs: patienceMs });
  return missing;
}

/** The checks that keep an API server from being ready, one line; undefined when it is ready. */
async function readyComplaint(access: KubectlAccess): Promise<string | undefined> {
  try {
    await kubectl(access, ["get", "--raw", "/readyz", "--request-timeout=10s"]);
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
    // The kubectl of the cluster's start is gone, which says nothing of a cluster whose processes live.
    if (code === "ENOENT") return undefined;
    const words = stderr || String(error);
    return `the API server is not ready: ${failedChecks(words).join(", ") || words.trim()}`;
  }
}

/** The names of the checks marked "[-]" in what `/readyz` says; empty when the API server did not come to say it. */
export function failedChecks(answer: string): string[] {
  return [...answer.matchAll(/\[-\](\S+)/g)].map(([, name = ""]) => name);
}

async function endedProcesses(directory: string, expected: readonly string[]): Promise<string[]> {
  const names = new Set((await processesOf(directory)).map(({ name }) => name));
  const unseen = expected.filter((name) => !names.has(name));
  const ended = await Promise.all(unseen.map((name) => hasEnded(directory, name)));
  return unseen.filter((_, index) => ended[index]);
}
