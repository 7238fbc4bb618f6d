import { isSameRevision } from "../../failures/pod";
import { refusalOf } from "../../failures/reason";
import { isFleetName, modelNames } from "../../fleet/names";
import type { LastUpdate } from "../open-fleet";
import type { Deployment, FleetObjects, Ingress, ReplicaSet } from "./objects";

/** What a model is doing, in one word. */
export type State = "ready" | "paused" | "rolling-out" | "not-ready" | "deleting" | "missing";

/**
 * One model, as `--json` prints it: the keys are documented in docs/daily-edits.md and stay. Times are in RFC 3339.
 * The values of a missing model are those of the last update.
 */
export interface ModelStatus {
  readonly id: string;
  readonly state: State;
  /** Pods that are ready, those of an earlier release included. */
  readonly ready: number;
  /** Pods that its Deployment asks for. */
  readonly replicas: number;
  readonly image: string;
  /** When its Deployment was created. */
  readonly created: string | null;
  /** When its current pod template was first rolled out. */
  readonly rolledOut: string | null;
  /** The URL of the last update; null if that did not have the model. */
  readonly url: string | null;
  /** Whether the fleet's Ingress leads to the model. */
  readonly routed: boolean;
  /** Whether the last update had the model. */
  readonly inLastUpdate: boolean;
}

/** The models of the last update and of the cluster, sorted by ID. */
export function modelStatuses({ models }: LastUpdate, objects: FleetObjects): ModelStatus[] {
  const listed = new Map(models.map((model) => [model.id, model]));
  const deployments = new Map(
    objects.deployments
      .filter(({ metadata }) => !isFleetName(metadata.name))
      .map((deployment) => [deployment.metadata.name, deployment]),
  );
  const routes = routedServices(objects.ingresses);
  return [...new Set([...listed.keys(), ...deployments.keys()])].sort().map((id) => {
    const last = listed.get(id);
    const deployment = deployments.get(id);
    const { containers } = deployment?.spec.template.spec ?? {};
    return {
      id,
      state: deployment === undefined ? "missing" : stateOf(deployment),
      ready: deployment?.status?.readyReplicas ?? 0,
      replicas: deployment === undefined ? (last?.replicas ?? 0) : wantedOf(deployment),
      image: containers?.[0]?.image ?? last?.image ?? "",
      created: deployment?.metadata.creationTimestamp ?? null,
      rolledOut: deployment === undefined ? null : rolledOut(deployment, objects.replicaSets),
      url: last?.url ?? null,
      routed: routes.has(modelNames(id).service),
      inLastUpdate: last !== undefined,
    };
  });
}

/** The names of the Services to which Ingresses lead. */
function routedServices(ingresses: readonly Ingress[]): Set<string> {
  const rules = ingresses.flatMap(({ spec }) => spec?.rules ?? []);
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  return new Set(paths.flatMap(({ backend }) => backend?.service?.name ?? []));
}

function wantedOf({ spec }: Deployment): number {
  return spec.replicas ?? 1;
}

/** What a Deployment is doing, by the rules of `kubectl rollout status`. */
export function stateOf(deployment: Deployment): Exclude<State, "missing"> {
  const { metadata, status = {} } = deployment;
  const wanted = wantedOf(deployment);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions = [] } = status;
  if (metadata.deletionTimestamp !== undefined) return "deleting";
  const isObserved = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const isDone = updatedReplicas === wanted && replicas === wanted && availableReplicas >= wanted;
  if (isObserved && isDone) return wanted === 0 ? "paused" : "ready";
  // Once a rollout is complete its condition keeps this reason, also if pods fail later.
  const progress = conditions.find(({ type }) => type === "Progressing");
  const isOver = progress?.status === "False" || progress?.reason === "NewReplicaSetAvailable";
  const isRefused = refusalOf(conditions) !== undefined;
  return isObserved && (isOver || isRefused) ? "not-ready" : "rolling-out";
}

function rolledOut({ metadata }: Deployment, replicaSets: readonly ReplicaSet[]): string | null {
  const own = replicaSets.find(
    (set) =>
      set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) &&
      isSameRevision(set.metadata, metadata),
  );
  return own?.metadata.creationTimestamp ?? null;
}
