import { isSameRevision } from "../../failures/pod";
import { refusalOf } from "../../failures/reason";
import { DEFAULT_VARIANT, isFleetName, modelNames } from "../../fleet/names";
import { AUTOSCALED, variantOfObject } from "../../fleet/owner";
import type { LastUpdate } from "../open-fleet";
import { type ListedShare, type ListedVariant, listedVariants } from "../variants";
import type { Deployment, FleetObjects, ReplicaSet } from "./objects";

/** What a model is doing, in one word. */
export type State =
  "ready" | "paused" | "scaled-to-zero" | "rolling-out" | "not-ready" | "deleting" | "missing";

/**
 * One model, as `--json` prints it: the keys are documented in docs/daily-edits.md and stay. Times are in RFC 3339.
 * The values of a missing model are those of the last update.
 */
export interface ModelStatus {
  readonly id: string;
  /** Name of the variant that the values are of; missing if the model has no variants. */
  readonly variant?: string;
  /** Whether the model's paths lead to this variant; missing if the model has no variants. */
  readonly champion?: boolean;
  /** What the variant gets of the requests; missing if the model has no variants. */
  readonly share?: ListedShare;
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
  /** Whether the fleet's Ingress or an HTTPRoute leads to it; always true of a variant that is not the champion. */
  readonly routed: boolean;
  /** Whether the last update had the model. */
  readonly inLastUpdate: boolean;
}

/** The models of the last update and of the cluster, each with its variants, sorted by ID. */
export function modelStatuses({ models }: LastUpdate, objects: FleetObjects): ModelStatus[] {
  const listed = new Map(models.flatMap(listedVariants).map((one) => [deploymentOf(one), one]));
  const deployments = new Map(
    objects.deployments
      .filter(({ metadata }) => !isFleetName(metadata.name))
      .map((deployment) => [deployment.metadata.name, deployment]),
  );
  const routes = routedServices(objects);
  const names = [...new Set([...listed.keys(), ...deployments.keys()])];
  return names
    .map((name) => {
      const [last, deployment] = [listed.get(name), deployments.get(name)];
      const { containers } = deployment?.spec.template.spec ?? {};
      return {
        ...identityOf(name, last, deployment),
        state: deployment === undefined ? ("missing" as const) : stateOf(deployment),
        ready: deployment?.status?.readyReplicas ?? 0,
        replicas:
          deployment === undefined ? (last?.replicas ?? last?.minReplicas ?? 0) : wantedOf(deployment),
        image: containers?.[0]?.image ?? last?.image ?? "",
        created: deployment?.metadata.creationTimestamp ?? null,
        rolledOut: deployment === undefined ? null : rolledOut(deployment, objects.replicaSets),
        url: last?.url ?? null,
        routed: routes.has(name) || last?.isChampion === false,
        inLastUpdate: last !== undefined,
      };
    })
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The name of a Deployment and a Service, which is the same. */
function deploymentOf({ id, variant }: Pick<ListedVariant, "id" | "variant">): string {
  return modelNames(id, variant).deployment;
}

/** The champion comes before the other variants of its model. */
function keyOf({ id, champion = true, variant = "" }: ModelStatus): string {
  return `${id} ${champion ? 0 : 1} ${variant}`;
}

/** What the last update says, or without it the labels. @param name The Deployment's name */
function identityOf(
  name: string,
  last: ListedVariant | undefined,
  deployment: Deployment | undefined,
): Pick<ModelStatus, "id" | "variant" | "champion" | "share"> {
  if (last?.variant !== undefined) {
    const { id, variant, isChampion, share } = last;
    return { id, variant, champion: isChampion, ...(share && { share }) };
  }
  const { id, variant } = variantOfObject(deployment?.metadata ?? {});
  return { id: last?.id ?? (id || name), ...(variant !== DEFAULT_VARIANT && { variant, champion: false }) };
}

/** The names of the Services to which Ingresses and HTTPRoutes lead. */
function routedServices({ ingresses, httpRoutes }: FleetObjects): Set<string> {
  const refs = httpRoutes
    .flatMap(({ spec }) => spec?.rules ?? [])
    .flatMap(({ backendRefs = [] }) => backendRefs);
  const rules = ingresses.flatMap(({ spec }) => spec?.rules ?? []);
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  const services = [...paths.map(({ backend }) => backend?.service?.name), ...refs.map(({ name }) => name)];
  return new Set(services.flatMap((name) => name ?? []));
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
  if (isObserved && isDone) {
    if (wanted > 0) return "ready";
    return mayScaleToZero(metadata) ? "scaled-to-zero" : "paused";
  }
  // Once a rollout is complete its condition keeps this reason, also if pods fail later.
  const progress = conditions.find(({ type }) => type === "Progressing");
  const isOver = progress?.status === "False" || progress?.reason === "NewReplicaSetAvailable";
  const isRefused = refusalOf(conditions) !== undefined;
  return isObserved && (isOver || isRefused) ? "not-ready" : "rolling-out";
}

/**
 * Whether its autoscaler may leave it without pods, as its annotation says: `scaledobject 0-2`. With a minimum of 1 it was
 * somebody else.
 */
function mayScaleToZero({ annotations }: Deployment["metadata"]): boolean {
  return / 0-\d+$/.test(annotations?.[AUTOSCALED] ?? "");
}

function rolledOut({ metadata }: Deployment, replicaSets: readonly ReplicaSet[]): string | null {
  const own = replicaSets.find(
    (set) =>
      set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) &&
      isSameRevision(set.metadata, metadata),
  );
  return own?.metadata.creationTimestamp ?? null;
}
