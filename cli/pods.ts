import type { Pod } from "../failures/pod";
import { podsPath } from "../fleet/objects";
import type { Api } from "../kubernetes/api";
import { listObjects } from "../kubernetes/list";

/** A pod of a model. */
export interface ModelPod extends Pod {
  readonly metadata: Pod["metadata"] & {
    readonly uid: string;
    /** In RFC 3339. */
    readonly creationTimestamp: string;
  };
  readonly spec?: Pod["spec"] & { readonly nodeName?: string };
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
  const pods = await listObjects<ModelPod>(api, podsPath(namespace), { labels });
  return pods.toSorted((one, other) => orderOf(one).localeCompare(orderOf(other)));
}

function orderOf({ metadata }: ModelPod): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}
