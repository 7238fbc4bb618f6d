import { delimiter, join, sep } from "node:path";
import { parse } from "yaml";
import type { ClusterChoice } from "../kubernetes/api";
import { digest } from "../lib/digest";
import { ROOT } from "../lib/paths";
import { readIfThere } from "../lib/read-if-there";
import { CLUSTER_DIRECTORY, NAMED_DIRECTORY, STACK, STATE_DIRECTORY } from "./places";

/** A cluster of the user's own, which settings or a shell name. */
export interface NamedCluster {
  /** What names it, for messages. */
  readonly by: string;
  /** How to connect to it. @default unknown: the kubeconfig in the settings is encrypted */
  readonly choice?: Omit<ClusterChoice, "environment">;
}

/**
 * The user's own cluster; undefined when none is named, and the local cluster is to be used. A stack's settings name one
 * with `kubernetes:context` or `kubernetes:kubeconfig`, a shell with `KUBECONFIG`.
 */
export function namedCluster(): NamedCluster | undefined {
  const file = `Pulumi.${STACK}.yaml`;
  return parseNamedCluster(file, readIfThere(join(ROOT, file)), process.env["KUBECONFIG"]);
}

/**
 * The folder of Pulumi's state. Each named cluster has its own, by its address rather than its name, which may change
 * its cluster: with the state of another cluster, Pulumi would take missing objects for deleted and lose track of them.
 *
 * @throws UserError when the named cluster is not in the kubeconfig
 */
export async function stateDirectory(named: NamedCluster | undefined): Promise<string> {
  if (named === undefined) return STATE_DIRECTORY;
  // Imported only here: without a named cluster, no kubeconfig is read.
  const { connect } = await import("../kubernetes/api");
  const key = named.choice ? connect({ ...named.choice, environment: process.env }).server : named.by;
  return join(NAMED_DIRECTORY, digest(key, 12));
}

/** Finds the named cluster in a settings file, given its name and text, and in the value of KUBECONFIG. */
export function parseNamedCluster(
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
  // A shell with the variables of `npm run env` names the local cluster itself, even after that has stopped.
  const others = (kubeconfig ?? "")
    .split(delimiter)
    .filter((path) => path && !path.startsWith(CLUSTER_DIRECTORY + sep));
  return others.length > 0 ? { by: `KUBECONFIG=${kubeconfig}`, choice } : undefined;
}
