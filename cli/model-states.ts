import { DEFAULT_VARIANT } from "../fleet/names";
import { pathOf } from "../fleet/objects";
import { fleetLabels, ownerLabels, variantOfObject } from "../fleet/owner";
import { type ClusterChoice, connect } from "../kubernetes/api";
import { listObjects } from "../kubernetes/list";

/** A model in the cluster. */
export interface ModelState {
  /** Pods that are ready. */
  readonly ready: number;
  /** Pods that its Deployments ask for. */
  readonly replicas: number;
  /** HTTP path of the champion that answers 200 once the model can predict; undefined if its pods are probed otherwise. */
  readonly readinessPath: string | undefined;
}

/**
 * The states of a stack's models, by ID. The pods of a model's variants are added up.
 *
 * @param champions Whose path is asked for readiness. @default the variant of a model without variants
 * @param only The only model to look at. @default all
 * @throws UserError when the cluster does not answer, or does not let the user list Deployments
 */
export async function modelStates(
  cluster: ClusterChoice,
  namespace: string,
  stack: string,
  champions: Champions = {},
  only?: string,
): Promise<Map<string, ModelState>> {
  const api = connect(cluster);
  const labels = only === undefined ? ownerLabels(stack) : fleetLabels(only, stack);
  const what = `deployment in namespace ${namespace}`;
  return addUp(
    await listObjects<DeploymentObject>(api, pathOf("deployment", namespace), { labels }, what),
    champions,
  );
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
  readonly readinessProbe?: {
    readonly httpGet?: { readonly path?: string; readonly port?: number | string };
  };
}

/** Names of the champions, by model ID. */
type Champions = Readonly<Record<string, string>>;

/** Adds up the Deployments of each model, by its ID. */
export function addUp(
  deployments: readonly DeploymentObject[],
  champions: Champions = {},
): Map<string, ModelState> {
  const states = new Map<string, ModelState>();
  for (const { metadata, spec, status } of deployments) {
    const { id, variant } = variantOfObject(metadata);
    const isChampion = variant === (champions[id] ?? DEFAULT_VARIANT);
    const { path, port } = spec.template.spec.containers[0]?.readinessProbe?.httpGet ?? {};
    const known = states.get(id);
    states.set(id, {
      ready: (known?.ready ?? 0) + (status?.readyReplicas ?? 0),
      replicas: (known?.replicas ?? 0) + (spec.replicas ?? 1),
      // A probe of another port, by `podSpec`, asks what no route leads to.
      readinessPath: isChampion ? (port === "http" ? path : undefined) : known?.readinessPath,
    });
  }
  return states;
}
