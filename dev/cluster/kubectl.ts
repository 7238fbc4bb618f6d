import { execa } from "execa";
import { until } from "../../lib/until";
import { clusterEnvironment } from "./processes";

/** How long the API server may take to know a new kind, in milliseconds. */
const KNOWN_TIMEOUT_MS = 60_000;

/** How kubectl reaches a cluster's API server. */
export interface KubectlAccess {
  /** Path of the binary. */
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** The cluster's directory; kubectl keeps its cache there. */
  readonly directory: string;
}

/**
 * Runs kubectl on a cluster and returns its standard output. Throws execa's error, with kubectl's own message, when it
 * fails.
 */
export async function kubectl(access: KubectlAccess, args: readonly string[], input = ""): Promise<string> {
  const { stdout } = await execa(access.kubectl, ["--kubeconfig", access.kubeconfig, ...args], {
    extendEnv: false,
    env: clusterEnvironment(access.directory),
    input,
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}

/** Creates or updates these objects. */
export async function apply(access: KubectlAccess, objects: readonly object[]): Promise<void> {
  await applyFile(access, "-", JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
}

/**
 * Creates or updates these objects once the API server knows their kinds, whose definitions may be new or among them.
 * Throws when it does not within a minute.
 */
export async function applyWhenKnown(access: KubectlAccess, objects: readonly object[]): Promise<void> {
  const isApplied = async () => {
    try {
      await apply(access, objects);
      return true;
    } catch (error) {
      // Also for a moment after the definition has the condition Established.
      if (String(error).includes("no matches for kind")) return false;
      throw error;
    }
  };
  if (!(await until(isApplied, { intervalMs: 50, timeoutMs: KNOWN_TIMEOUT_MS })))
    throw new Error("the API server did not know all kinds within a minute");
}

/** Creates or updates the objects of a file. @param input The file's content if its path is `-`. */
export async function applyFile(access: KubectlAccess, path: string, input = ""): Promise<void> {
  // For validation, kubectl would first request the schemas of all kinds, which takes 0.5 s or more.
  const options = ["--server-side", "--force-conflicts", "--validate=false"];
  await kubectl(access, ["apply", ...options, "--filename", path], input);
}
