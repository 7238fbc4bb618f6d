import { existsSync } from "node:fs";
import { buildTools } from "./build";
import { cachedPath } from "./cache";
import { installedPath } from "./installed";
import type { ToolName } from "./versions";

/** Absolute paths of programs, by name. */
export type Tools<N extends ToolName = ToolName> = Readonly<Record<N, string>>;

/** The programs that a Pulumi update needs. */
export const PULUMI_TOOLS = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
  "kubectl",
] as const satisfies ToolName[];

/** Paths of the programs that a Pulumi update needs. */
export type PulumiTools = Tools<(typeof PULUMI_TOOLS)[number]>;

/** The programs that every local cluster needs, and the Gateway API's kinds. */
export const CLUSTER_TOOLS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kwok",
  "kwokctl",
  "gateway-api",
] as const satisfies ToolName[];

/** Paths of the programs that every local cluster needs. */
export type ClusterTools = Tools<(typeof CLUSTER_TOOLS)[number]>;

/** The further programs of a cluster with a real node, which runs on Linux only, and its ingress controller. */
export const NODE_TOOLS = ["kubelet", "kube-proxy", "traefik"] as const satisfies ToolName[];

/** Paths of the further programs of a cluster with a real node. */
export type NodeTools = Tools<(typeof NODE_TOOLS)[number]>;

/**
 * Makes programs available and returns their absolute paths. It takes an installed program in a compatible version,
 * else the one in the cache, else it builds the program from its pinned Go module, which takes minutes and prints
 * progress. With nothing to build it returns within a tenth of a second.
 *
 * @throws UserError when something must be built and Go is missing or too old, or when a build fails.
 */
export async function ensureTools<N extends ToolName>(names: readonly N[]): Promise<Tools<N>> {
  const places = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const installed = await installedPath(name);
      return {
        name,
        path: installed ?? cachedPath(name),
        missing: !installed && !existsSync(cachedPath(name)),
      };
    }),
  );
  const missing = places.filter((place) => place.missing).map(({ name }) => name);
  if (missing.length > 0) await buildTools(missing);
  return Object.fromEntries(places.map(({ name, path }) => [name, path])) as Tools<N>;
}
