import type { Api } from "../kubernetes/api";

/** Facts about the cluster that are asked for only if some model depends on them. */

/** @see https://kubernetes.io/docs/reference/generated/kubernetes-api/ (version.Info) */
export interface ClusterVersion {
  /** As people write it: `v1.36.3`. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

/** The version of the API server; undefined if it does not say one. */
export async function readVersion(api: Api): Promise<ClusterVersion | undefined> {
  const { status, body } = await api.get("/version");
  if (status !== 200) return undefined;
  const { major, minor, gitVersion } = body as { major?: string; minor?: string; gitVersion?: string };
  // Some clouds add a "+" to the minor version.
  const [first, second] = [Number.parseInt(major ?? "", 10), Number.parseInt(minor ?? "", 10)];
  if (Number.isNaN(first) || Number.isNaN(second)) return undefined;
  return { text: gitVersion ?? `v${first}.${second}`, major: first, minor: second };
}
