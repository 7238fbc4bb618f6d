import { pathOf } from "../fleet/objects";
import { ownerLabels } from "../fleet/owner";
import { type ClusterChoice, connect } from "../kubernetes/api";
import { listObjects } from "../kubernetes/list";

/** A model in the cluster. */
export interface ModelState {
  /** Pods that are ready. */
  readonly ready: number;
  /** Pods that its Deployments ask for. */
  readonly replicas: number;
  /** HTTP path that answers 200 once the model can predict. */
  readonly readinessPath: string | undefined;
}

/**
 * The states of a stack's models, by ID. The pods of a model's variants are added up.
 *
 * @throws UserError when the cluster does not answer, or does not let the user list Deployments
 */
export async function modelStates(
  cluster: ClusterChoice,
  namespace: string,
  stack: string,
): Promise<Map<string, ModelState>> {
  const api = connect(cluster);
  const labels = ownerLabels(stack);
  const what = `deployment in namespace ${namespace}`;
  return addUp(await listObjects<DeploymentObject>(api, pathOf("deployment", namespace), { labels }, what));
}

/** The fields of a Deployment that are read. */
export interface DeploymentObject {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly ContainerObject[] } };
  };
  readonly status?: { readonly readyReplicas?: number };
}

interface ContainerObject {
  readonly readinessProbe?: { readonly httpGet?: { readonly path?: string } };
}

/** Adds up the Deployments of each model, by its ID. */
export function addUp(deployments: readonly DeploymentObject[]): Map<string, ModelState> {
  const states = new Map<string, ModelState>();
  for (const { metadata, spec, status } of deployments) {
    const id = metadata.labels?.["app.kubernetes.io/name"] ?? "";
    const known = states.get(id);
    states.set(id, {
      ready: (known?.ready ?? 0) + (status?.readyReplicas ?? 0),
      replicas: (known?.replicas ?? 0) + (spec.replicas ?? 1),
      readinessPath: known?.readinessPath ?? spec.template.spec.containers[0]?.readinessProbe?.httpGet?.path,
    });
  }
  return states;
}
