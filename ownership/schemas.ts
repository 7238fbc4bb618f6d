import type { Questions } from "../config/questions";
import { type Api, unexpectedStatus } from "../kubernetes/api";
import { CORE_SCHEMAS, type Schemas } from "../kubernetes/openapi";

/**
 * The cluster's own schemas of pods, if a setting is to be checked with them.
 *
 * @returns undefined if none is, or if the cluster does not show them to the account
 */
export async function readSchemas(
  api: Api,
  { rawParts = [] }: Partial<Pick<Questions, "rawParts">>,
): Promise<Schemas | undefined> {
  if (rawParts.length === 0) return undefined;
  const { status, body } = await api.get(CORE_SCHEMAS);
  if (status === 403 || status === 404) return undefined;
  if (status !== 200) throw unexpectedStatus(api, "get the schema of pods", status, body);
  return (body as { readonly components?: { readonly schemas?: Schemas } }).components?.schemas;
}
