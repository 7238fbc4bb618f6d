import * as pulumi from "@pulumi/pulumi";
import { pathOf, podsPath, replicaSetsPath } from "../fleet/objects";
import { type Api, connect, unexpectedStatus } from "../kubernetes/api";
import { listObjects } from "../kubernetes/list";
import type { Ownership } from "./check";
import type { OwnershipArgs } from "./finding";

/** The fields of a pod's spec that name Secrets of the fleet. */
interface PodSpec {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly containers?: readonly {
    readonly envFrom?: readonly { readonly secretRef?: { readonly name?: string } }[];
  }[];
}

/** A pod, or an object that creates pods. */
export interface Workload {
  readonly metadata?: { readonly deletionTimestamp?: string };
  readonly spec?: PodSpec & {
    readonly replicas?: number;
    readonly template?: { readonly spec?: PodSpec };
  };
}

/**
 * Deletes Secret versions that no pod needs, after the versions of this release exist. Pulumi itself keeps them
 * (`components/versioned-secret.ts`), since it cannot know whether the last good release needs one. A preview only
 * reports them. If the cluster refuses a request, the versions stay, and the next update tries again.
 *
 * @param released Names of the versions that this release needs.
 */
export function removeUnusedSecrets(
  args: Pick<OwnershipArgs, "cluster" | "namespace">,
  { secretVersions }: Pick<Ownership, "secretVersions">,
  released: pulumi.Input<readonly string[]>,
): pulumi.Output<void> {
  return pulumi.output(released).apply(async (names) => {
    const candidates = secretVersions.filter((name) => !names.includes(name));
    if (candidates.length === 0) return;
    try {
      await removeUnused(connect(args.cluster), args.namespace, candidates);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await pulumi.log.warn(`former Secrets that no pod may need stay until the next update: ${reason}`);
    }
  });
}

async function removeUnused(api: Api, namespace: string, candidates: readonly string[]): Promise<void> {
  for (const name of await unusedSecrets(api, namespace, candidates)) {
    if (pulumi.runtime.isDryRun()) {
      await pulumi.log.info(`no pod needs secret/${name}; the update deletes it`);
      continue;
    }
    const { status, body } = await api.delete(pathOf("secret", namespace, name));
    if (status !== 200 && status !== 404) throw unexpectedStatus(api, `delete secret ${name}`, status, body);
    await pulumi.log.info(`deleted secret/${name}, which no pod needs`);
  }
}

/**
 * Those of the Secrets that no pod needs, and no Deployment or ReplicaSet that creates pods.
 *
 * @param candidates Names of versions that no release needs.
 */
export async function unusedSecrets(
  api: Api,
  namespace: string,
  candidates: readonly string[],
): Promise<readonly string[]> {
  const needed = secretsInUse(await workloads(api, namespace));
  return candidates.filter((name) => !needed.has(name));
}

/** Lists the objects that create pods before the pods, so that a pod that appears meanwhile is not missed. */
async function workloads(api: Api, namespace: string): Promise<Workload[]> {
  const list = (what: string, path: string) =>
    listObjects<Workload>(api, path, {}, `${what} in namespace ${namespace}`);
  const deployments = await list("deployments", pathOf("deployment", namespace));
  const replicaSets = await list("replicasets", replicaSetsPath(namespace));
  const pods = await list("pods", podsPath(namespace));
  return [...deployments, ...replicaSets.filter(({ spec }) => spec?.replicas !== 0), ...pods];
}

/** The Secrets that workloads need, for the environment of their pods or as pull Secrets. */
export function secretsInUse(found: readonly Workload[]): Set<string> {
  const specs = found
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map(({ spec }) => spec?.template?.spec ?? spec ?? {});
  const names = specs.flatMap(({ imagePullSecrets = [], containers = [] }) => [
    ...imagePullSecrets.map(({ name }) => name),
    ...containers.flatMap(({ envFrom = [] }) => envFrom.map(({ secretRef }) => secretRef?.name)),
  ]);
  return new Set(names.filter((name) => name !== undefined));
}
