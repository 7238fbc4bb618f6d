import { say } from "../../lib/progress";
import { until } from "../../lib/until";
import { controlPlaneProcesses } from "./control-plane";
import { kubectl, type KubectlAccess } from "./kubectl";
import { NODE_PROCESSES } from "./node/node";
import { hasEnded, processesOf } from "./processes";
import type { NodeKind } from "./types";

/**
 * How long the API server may be not ready while the processes are alive, in milliseconds. It accepts requests before it
 * is ready (it writes roles first), and on a busy machine it may miss its own deadlines for a moment.
 */
const READY_TIMEOUT_MS = 60_000;

/** After how many milliseconds to print that it is waiting. */
const SILENCE_MS = 2_000;

/** The names of all processes of a cluster. */
export function clusterProcesses(nodes: NodeKind): string[] {
  return [...controlPlaneProcesses(nodes), ...(nodes === "real" ? [...NODE_PROCESSES, "traefik"] : [])];
}

/** Waits until these processes are alive and the API server is ready; throws what is missing after a minute. */
export async function untilReady(access: KubectlAccess, processes: readonly string[]): Promise<void> {
  const missing = await whatIsMissing(access, processes);
  if (missing !== undefined) throw new Error(missing);
}

/**
 * Why a cluster is not healthy; undefined when these processes are alive and the API server is ready. Waits for an API
 * server that is not ready yet: a caller that took a slow cluster for a broken one would take it down.
 *
 * @param patienceMs How long the API server may take, in milliseconds. @default one minute
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

/** The readiness checks that fail, in one line; undefined when the API server is ready. */
async function readyComplaint(access: KubectlAccess): Promise<string | undefined> {
  try {
    await kubectl(access, ["get", "--raw", "/readyz", "--request-timeout=10s"]);
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
    // Somebody deleted the kubectl that started the cluster. That does not mean that the cluster is broken.
    if (code === "ENOENT") return undefined;
    const answer = stderr || String(error);
    return `the API server is not ready: ${failedChecks(answer).join(", ") || answer.trim()}`;
  }
}

/** The names of the checks marked "[-]" in an answer of `/readyz`; empty when it is no such answer. */
export function failedChecks(answer: string): string[] {
  return [...answer.matchAll(/\[-\](\S+)/g)].map(([, name = ""]) => name);
}

async function endedProcesses(directory: string, expected: readonly string[]): Promise<string[]> {
  const names = new Set((await processesOf(directory)).map(({ name }) => name));
  const unseen = expected.filter((name) => !names.has(name));
  const ended = await Promise.all(unseen.map((name) => hasEnded(directory, name)));
  return unseen.filter((_, index) => ended[index]);
}
