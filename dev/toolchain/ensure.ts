import { existsSync } from "node:fs";
import { say } from "../../lib/progress";
import { buildTools } from "./build";
import { cachedPath } from "./cache";
import { downloadedPath, downloadTools } from "./download";
import { PUBLICATIONS, type Publications } from "./downloads";
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

/** Programs that are being made available. */
export interface Provided<N extends ToolName> {
  /** The paths of some of them, as soon as these can be used. */
  of<M extends N>(names: readonly M[]): Promise<Tools<M>>;
  /** Ends what is still being built, for a caller that has failed. */
  stop(): void;
}

/**
 * Makes programs available and returns their absolute paths. It takes an installed program in a compatible version, else
 * the one in the cache, else it downloads the program with its pinned checksum, else it builds the program from its
 * pinned Go module, which takes minutes. Both print progress. With nothing to do it returns within a tenth of a second.
 *
 * @param publications What can be downloaded. @default what `downloads.json` has
 * @throws UserError when something must be built and Go is missing or too old, or when a build fails.
 */
export async function ensureTools<N extends ToolName>(
  names: readonly N[],
  publications?: Publications,
): Promise<Tools<N>> {
  return provideTools(names, publications).of(names);
}

/** Begins to make programs available, as `ensureTools` does, for a caller that can use some of them before the others. */
export function provideTools<N extends ToolName>(
  names: readonly N[],
  publications: Publications = PUBLICATIONS,
): Provided<N> {
  const waiting = new Map<ToolName, { resolve: (path: string) => void; reject: (error: unknown) => void }>();
  const paths = new Map<ToolName, Promise<string>>();
  for (const name of new Set(names)) {
    const path = new Promise<string>((resolve, reject) => waiting.set(name, { resolve, reject }));
    // The error is for whoever waits for the program, which may be nobody.
    path.catch(() => undefined);
    paths.set(name, path);
  }
  const stopped = new AbortController();
  const isThere = (name: ToolName, path: string) => waiting.get(name)?.resolve(path);
  provide([...paths.keys()], publications, isThere, stopped.signal).catch((error: unknown) =>
    waiting.forEach(({ reject }) => reject(error)),
  );
  return {
    of: async <M extends N>(wanted: readonly M[]) => {
      const found = wanted.map(async (name) => [name, await paths.get(name)]);
      return Object.fromEntries(await Promise.all(found)) as Tools<M>;
    },
    stop: () => stopped.abort(),
  };
}

/** @param isThere Gets each program with its path, once it can be used. */
async function provide(
  names: readonly ToolName[],
  publications: Publications,
  isThere: (name: ToolName, path: string) => void,
  stopped: AbortSignal,
): Promise<void> {
  const missing = new Set<ToolName>();
  const look = async (name: ToolName) => {
    const path = (await installedPath(name)) ?? inCache(name, publications);
    if (path === undefined) missing.add(name);
    else isThere(name, path);
  };
  await Promise.all(names.map(look));
  if (missing.size === 0) return;
  say(`Not installed in a compatible version: ${names.filter((name) => missing.has(name)).join(", ")}.`);
  await downloadTools([...missing], publications, (name, path) => {
    if (missing.delete(name)) isThere(name, path);
  });
  const rest = names.filter((name) => missing.has(name));
  if (rest.length > 0) await buildTools(rest, (name) => isThere(name, cachedPath(name)), stopped);
}

function inCache(name: ToolName, publications: Publications): string | undefined {
  return [downloadedPath(name, publications), cachedPath(name)].find(
    (path) => path !== undefined && existsSync(path),
  );
}
