import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kwokFolder } from "./control-plane";
import { readDescription } from "./description";
import { kubectl } from "./kubectl";
import { nsenterArguments } from "./node/namespaces";
import type { Cluster } from "./types";

/** The processes whose logs can say why a real node did not start. */
const NODE_LOGS = ["node-init", "containerd", "kubelet", "api-forwarder", "traefik"];

/** The queries of each file: tables for people and JSON for programs. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  "events.txt": ["get", "events", "--all-namespaces", "--sort-by=.metadata.creationTimestamp"],
  "pods.txt": ["get", "pods", "--all-namespaces", "--output=wide"],
  "objects.txt": [
    "get",
    "nodes,namespaces,deployments,replicasets,services,endpointslices,ingresses",
    "--all-namespaces",
    "--output=wide",
  ],
  "pods.json": ["get", "pods", "--all-namespaces", "--output=json"],
};

/**
 * Writes what happened in a cluster to a folder: the logs of its components, its events, objects and pods, and the logs
 * of the pods (`pods/<namespace>_<pod>_<uid>/<container>/<n>.log`). When a query fails, its file has the error.
 */
export async function exportLogs(cluster: Cluster, toDirectory: string): Promise<void> {
  const { directory, kubeconfig, name } = cluster;
  await mkdir(toDirectory, { recursive: true });
  await copyFolder(join(directory, "logs"), join(toDirectory, "components"));
  await copyFolder(join(kwokFolder(directory, name), "logs"), join(toDirectory, "components"));
  // The process of `--target <pid>` sees the node's own /var/log.
  const [, pid] = (await nsenterArguments(directory)) ?? [];
  if (pid) await copyFolder(`/proc/${pid}/root/var/log/pods`, join(toDirectory, "pods"));
  const access = { kubectl: (await readDescription(directory))?.kubectl ?? "kubectl", kubeconfig, directory };
  const timeout = "--request-timeout=10s";
  for (const [file, query] of Object.entries(QUERIES)) {
    const text = await kubectl(access, [...query, timeout]).catch((error: unknown) => String(error));
    await writeFile(join(toDirectory, file), `${text}\n`);
  }
}

/** The last error in the log of each process of a real node in this directory, with the name of the process. */
export async function lastErrors(directory: string): Promise<string[]> {
  const lines = await Promise.all(
    NODE_LOGS.map(async (name) => {
      const text = await readFile(join(directory, "logs", `${name}.log`), "utf8").catch(() => "");
      return errorLines(text, 1).map((line) => `${name}: ${line}`);
    }),
  );
  return lines.flat();
}

/** The last `count` lines of a log that report an error, cut to 300 characters. */
export function errorLines(log: string, count: number): string[] {
  const isError =
    /^[EF]\d{4} |level=(error|fatal)|\b(ERR|FTL)\b|^(?!.*level=|[A-Z]\d{4} ).*\b(error|failed|cannot|ended)\b/i;
  const lines = log.split("\n").filter((line) => isError.test(line));
  return lines.slice(-count).map((line) => line.slice(0, 300));
}

async function copyFolder(from: string, to: string): Promise<void> {
  const entries = await readdir(from).catch(() => []);
  for (const entry of entries) {
    // A pod may be removed while its logs are copied; the rest is still useful.
    await cp(join(from, entry), join(to, entry), { recursive: true, dereference: true }).catch(
      () => undefined,
    );
  }
}
