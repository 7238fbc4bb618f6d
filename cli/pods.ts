import type { Pod } from "../failures/pod";
import { selectorOf } from "../fleet/owner";
import { type Api, unexpectedStatus } from "../kubernetes/api";

/** A pod of a model. */
export interface ModelPod extends Pod {
  readonly metadata: Pod["metadata"] & {
    readonly uid: string;
    /** In RFC 3339. */
    readonly creationTimestamp: string;
  };
  readonly spec?: Pod["spec"] & { readonly nodeName?: string };
}

/** The API server's path of the pods of a namespace. */
export function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

/**
 * The pods with these labels, the oldest first.
 *
 * @throws UserError that says which right to ask for
 */
export async function podsOf(
  api: Api,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<readonly ModelPod[]> {
  const query = `labelSelector=${encodeURIComponent(selectorOf(labels))}`;
  const { status, body } = await api.get(`${podsPath(namespace)}?${query}`);
  if (status !== 200) throw unexpectedStatus(api, "list pods", status, body);
  const { items = [] } = body as { readonly items?: readonly ModelPod[] };
  return items.toSorted((one, other) => orderOf(one).localeCompare(orderOf(other)));
}

function orderOf({ metadata }: ModelPod): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}
