import { pathOf, replicaSetsPath } from "../../fleet/objects";
import { instanceLabels, ownerLabels } from "../../fleet/owner";
import { type Api, Refused } from "../../kubernetes/api";
import { listObjects } from "../../kubernetes/list";
import { UserError } from "../../lib/user-error";

/** The fields of a Deployment that are read. @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ */
export interface Deployment {
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image?: string }[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
  };
}

/** The fields of a ReplicaSet that are read. */
export interface ReplicaSet {
  readonly metadata: Metadata & { readonly ownerReferences?: readonly { readonly uid: string }[] };
}

/** The fields of an Ingress that are read. */
export interface Ingress {
  readonly spec?: {
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly IngressPath[] };
    }[];
  };
}

/** The fields of an HTTPRoute that are read. */
export interface HttpRoute {
  readonly spec?: {
    readonly rules?: readonly { readonly backendRefs?: readonly { readonly name?: string }[] }[];
  };
}

interface IngressPath {
  readonly backend?: { readonly service?: { readonly name?: string } };
}

interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly generation?: number;
  /** In RFC 3339. */
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a stack has in its namespace. */
export interface FleetObjects {
  readonly deployments: readonly Deployment[];
  readonly replicaSets: readonly ReplicaSet[];
  readonly ingresses: readonly Ingress[];
  readonly httpRoutes: readonly HttpRoute[];
}

/**
 * Lists the objects of a stack, in one request per kind.
 *
 * @throws UserError with every right that the account lacks
 */
export async function fleetObjects(api: Api, namespace: string, stack: string): Promise<FleetObjects> {
  const labels = ownerLabels(stack);
  const lists = [
    listObjects<Deployment>(api, pathOf("deployment", namespace), { labels }),
    listObjects<ReplicaSet>(api, replicaSetsPath(namespace), { labels: instanceLabels(stack) }),
    listObjects<Ingress>(api, pathOf("ingress", namespace), { labels }),
    // A cluster without the kind, or an account that needs no right for it, has a fleet without HTTPRoutes.
    listObjects<HttpRoute>(api, pathOf("httproute", namespace), { labels }).catch((error: unknown) => {
      if (error instanceof Refused) return [];
      throw error;
    }),
  ] as const;
  const settled = await Promise.allSettled(lists);
  const errors = settled.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  const refused = errors.filter((error) => error instanceof Refused);
  if (refused.length > 1) throw new UserError(refused.map(({ message }) => message).join("\n"));
  const [deployments, replicaSets, ingresses, httpRoutes] = await Promise.all(lists);
  return { deployments, replicaSets, ingresses, httpRoutes };
}
