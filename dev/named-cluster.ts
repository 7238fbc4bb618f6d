import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { parse } from "yaml";
import type { ClusterChoice } from "../kubernetes/api";
import { ROOT } from "../lib/paths";
import { CLUSTER_DIRECTORY, NAMED_DIRECTORY, STACK, STATE_DIRECTORY } from "./places";

/** A cluster of the user's own. */
export interface NamedCluster {
  /** Who names it, in words for a message. */
  readonly by: string;
  /** Which one it is. @default not known: the kubeconfig in the settings is encrypted */
  readonly choice?: ClusterChoice;
}

/**
 * The cluster of the user's own that is meant; undefined when nobody names one, so that the local one is meant. A
 * stack's settings name one with `kubernetes:context` or `kubernetes:kubeconfig`, a shell with `KUBECONFIG`.
 */
export function namedCluster(): NamedCluster | undefined {
  const file = `Pulumi.${STACK}.yaml`;
  return nameOf(file, readIfThere(join(ROOT, file)), process.env["KUBECONFIG"]);
}

/**
 * Where Pulumi's state is kept. Each named cluster has its own, by its address, since a name may come to mean another
 * cluster: with another cluster's state, Pulumi would take what it finds missing for deleted, and lose track of what
 * runs there.
 *
 * @throws UserError where the named cluster is not in the kubeconfig
 */
export async function stateDirectory(named: NamedCluster | undefined): Promise<string> {
  if (named === undefined) return STATE_DIRECTORY;
  // Only now, since the reader of kubeconfigs takes a second to load.
  const { connect } = await import("../kubernetes/api");
  const key = named.choice ? connect(named.choice).server : named.by;
  return join(NAMED_DIRECTORY, createHash("sha256").update(key).digest("hex").slice(0, 12));
}

/** The rule of {@link namedCluster}, of a settings file's name and text and the value of KUBECONFIG. */
export function nameOf(
  file: string,
  settings: string,
  kubeconfig: string | undefined,
): NamedCluster | undefined {
  const { config } = (parse(settings) ?? {}) as { config?: Record<string, unknown> | null };
  const text = (key: string) => (typeof config?.[key] === "string" ? config[key] : undefined);
  const context = text("kubernetes:context");
  const choice = { kubeconfig: text("kubernetes:kubeconfig"), context };
  const isEncrypted = choice.kubeconfig === undefined && Boolean(config?.["kubernetes:kubeconfig"]);
  const by = context === undefined ? `the kubeconfig of ${file}` : `the context "${context}" of ${file}`;
  if (isEncrypted) return { by };
  if (choice.kubeconfig !== undefined || context !== undefined) return { by, choice };
  // A shell in which `npm run env` was used names the local cluster itself, even when that is stopped by now.
  const others = (kubeconfig ?? "")
    .split(delimiter)
    .filter((path) => path && !path.startsWith(CLUSTER_DIRECTORY + sep));
  return others.length > 0 ? { by: `KUBECONFIG=${kubeconfig}`, choice } : undefined;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
