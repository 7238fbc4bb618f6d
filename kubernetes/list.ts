import { selectorOf } from "../fleet/owner";
import { type Api, unexpectedStatus } from "./api";

/** Which objects to list. */
export interface ListQuery {
  /** @default any */
  readonly labels?: Readonly<Record<string, string>>;
  /** As the API server takes it: `involvedObject.name=iris`. @default any */
  readonly fieldSelector?: string;
}

/**
 * Lists the objects at a path of the API server.
 *
 * @param what The objects, for the error. @default the last part of the path, such as `pods`
 * @throws Refused that says which right to ask for
 */
export async function listObjects<T>(
  api: Api,
  path: string,
  { labels, fieldSelector }: ListQuery = {},
  what = path.split("/").at(-1) ?? "",
): Promise<readonly T[]> {
  const query = new URLSearchParams({
    ...(labels && { labelSelector: selectorOf(labels) }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  });
  const { status, body } = await api.get(query.size > 0 ? `${path}?${query.toString()}` : path);
  if (status !== 200) throw unexpectedStatus(api, `list ${what}`, status, body);
  return (body as { readonly items?: readonly T[] }).items ?? [];
}
