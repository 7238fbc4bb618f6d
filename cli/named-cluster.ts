import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { parse } from "yaml";
import { CLUSTER_DIRECTORY, NAMED_DIRECTORY, ROOT, STACK, STATE_DIRECTORY } from "./environment";

/**
 * Who names a cluster of the user's own, in words for a message; undefined when nobody does, so that the local one is
 * meant. A stack's settings name one with `kubernetes:context` or `kubernetes:kubeconfig`, a shell with `KUBECONFIG`.
 */
export function namedCluster(): string | undefined {
  const file = `Pulumi.${STACK}.yaml`;
  return nameOf(file, readIfThere(join(ROOT, file)), process.env["KUBECONFIG"]);
}

/**
 * Where Pulumi's state is kept. Each named cluster has its own: with another cluster's state, Pulumi would take what it
 * finds missing for deleted, and lose track of what runs there.
 */
export function stateDirectory(named: string | undefined): string {
  if (named === undefined) return STATE_DIRECTORY;
  return join(NAMED_DIRECTORY, createHash("sha256").update(named).digest("hex").slice(0, 12));
}

/** The rule of {@link namedCluster}, of a settings file's name and text and the value of KUBECONFIG. */
export function nameOf(file: string, settings: string, kubeconfig: string | undefined): string | undefined {
  const { config } = (parse(settings) ?? {}) as { config?: Record<string, unknown> | null };
  const context = config?.["kubernetes:context"];
  if (typeof context === "string") return `the context "${context}" of ${file}`;
  if (config?.["kubernetes:kubeconfig"]) return `the kubeconfig of ${file}`;
  // A shell in which `npm run env` was used names the local cluster itself, even when that is stopped by now.
  const others = (kubeconfig ?? "")
    .split(delimiter)
    .filter((path) => path && !path.startsWith(CLUSTER_DIRECTORY + sep));
  return others.length > 0 ? `KUBECONFIG=${kubeconfig}` : undefined;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
