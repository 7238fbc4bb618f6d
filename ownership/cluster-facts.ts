import type { Questions } from "../config/questions";
import { type Api, unexpectedStatus } from "../kubernetes/api";

/** The version of the API server. @see https://kubernetes.io/docs/reference/generated/kubernetes-api/ (version.Info) */
export interface KubernetesVersion {
  readonly major: number;
  readonly minor: number;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
export interface NodeObject {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly taints?: readonly { readonly key?: string; readonly value?: string; readonly effect?: string }[];
  };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly nodeInfo?: { readonly containerRuntimeVersion?: string; readonly kubeletVersion?: string };
  };
}

/** What the cluster is. Each is undefined if nobody asked for it, or if the account may not read it. */
export interface ClusterFacts {
  readonly version: KubernetesVersion | undefined;
  readonly nodes: readonly NodeObject[] | undefined;
  /** Whether a metrics server measures the CPU and memory of pods. */
  readonly hasMetrics: boolean | undefined;
}

/**
 * Asks for the version and the nodes, each only if some model needs the answer.
 *
 * @throws UserError if the cluster answers otherwise than with yes or forbidden
 */
export async function readFacts(
  api: Api,
  { demands = [], asksVersion = false, asksNodes = false, asksMetrics = false }: Partial<Questions>,
): Promise<ClusterFacts> {
  const [version, nodes, hasMetrics] = await Promise.all([
    asksVersion ? readVersion(api) : undefined,
    demands.length > 0 || asksNodes ? readNodes(api) : undefined,
    asksMetrics ? readMetrics(api) : undefined,
  ]);
  return { version, nodes, hasMetrics };
}

async function readVersion(api: Api): Promise<KubernetesVersion | undefined> {
  const { status, body } = await api.get("/version");
  if (status === 401 || status === 403) return undefined;
  if (status !== 200) throw unexpectedStatus(api, "say its version", status, body);
  const parts = body as Readonly<Record<string, string>>;
  // Some clouds have `30+`.
  const [major = NaN, minor = NaN] = [parts["major"], parts["minor"]].map((part = "") => parseInt(part, 10));
  if (Number.isNaN(major) || Number.isNaN(minor)) return undefined;
  return { major, minor };
}

async function readNodes(api: Api): Promise<readonly NodeObject[] | undefined> {
  // From the API server's cache: in a large cluster the list has many megabytes.
  const { status, body } = await api.get("/api/v1/nodes?resourceVersion=0");
  if (status === 403) return undefined;
  if (status !== 200) throw unexpectedStatus(api, "list nodes", status, body);
  return (body as { readonly items?: readonly NodeObject[] }).items ?? [];
}

async function readMetrics(api: Api): Promise<boolean | undefined> {
  // A metrics server that is registered and does not answer is one, and not this API server's mistake.
  const { status } = await api.get("/apis/metrics.k8s.io/v1beta1").catch(() => ({ status: 503 }));
  return status === 200 ? true : status === 404 ? false : undefined;
}

/** Whether a cluster has a version or a later one. */
export function isAtLeast({ major, minor }: KubernetesVersion, wanted: KubernetesVersion): boolean {
  return major > wanted.major || (major === wanted.major && minor >= wanted.minor);
}
