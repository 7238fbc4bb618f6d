import { type Api, unexpectedStatus } from "../kubernetes/api";

/** The version of the API server. */
export interface KubernetesVersion {
  readonly major: number;
  readonly minor: number;
}

/**
 * The version of the API server; undefined if the account may not read it.
 *
 * @throws UserError if the cluster answers otherwise than with yes or forbidden
 */
export async function readVersion(api: Api): Promise<KubernetesVersion | undefined> {
  const { status, body } = await api.get("/version");
  if (status === 401 || status === 403) return undefined;
  if (status !== 200) throw unexpectedStatus(api, "say its version", status, body);
  const { major = "", minor = "" } = body as { readonly major?: string; readonly minor?: string };
  // Some clouds have `30+`.
  return { major: parseInt(major, 10), minor: parseInt(minor, 10) };
}
