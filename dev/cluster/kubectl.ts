import { execa } from "execa";
import { clusterEnvironment } from "./processes";

/** What it takes to talk to a cluster's API server with kubectl. */
export interface KubectlAccess {
  /** Path of the binary. */
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** The cluster's directory: where kubectl keeps its cache. */
  readonly directory: string;
}

/**
 * Runs kubectl against a cluster and returns what it prints. Throws execa's error, with kubectl's own message, when it
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
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  // Without validation, kubectl does not have the API server work out the schemas of all kinds first: 0.5 s and more.
  const options = ["--server-side", "--force-conflicts", "--validate=false"];
  await kubectl(access, ["apply", ...options, "--filename", "-"], list);
}
