import * as pulumi from "@pulumi/pulumi";
import { usesGateway, usesIngress } from "../config/gateway-rules";
import { podSecurityOf } from "../config/model";
import { modelHeaderOf } from "../config/openai-rules";
import { type Fleet, type Model, type Variant, variantsOf } from "../config/resolve";
import { DEFAULT_VARIANT } from "../fleet/names";
import type { Announcement } from "../fleet/objects";
import { announced, guard, refuseAdoptOfNothing } from "./announced";
import type { HooksOf } from "./hooks";
import { modelObjects, ModelService } from "./model-service";
import { createNamespace } from "./namespace";
import { createNetworkPolicy, networkPolicyObjects } from "./network-policy";
import { makeOwn } from "./own-resources";
import { createPodMonitor, podMonitorObjects } from "./pod-monitor";
import { tellProgress } from "./progress";
import { createPullSecret, pullSecretObjects } from "./pull-secret";
import { DefaultBackend, defaultBackendObjects } from "./routing/default-backend";
import { gatewayObjects, modelRouteObjects } from "./routing/model-gateway";
import { ingressObjects } from "./routing/model-ingress";
import { existingRoute, modelUrls } from "./routing/route";
import { createRoutes } from "./routing/routes";

/** The resolved settings of a fleet, and the stack that owns its objects. */
export interface FleetArgs extends Omit<
  Fleet<pulumi.Input<string>>,
  "adopt" | "maxDeletions" | "clusterId" | "nodeAutoscaling"
> {
  readonly stack: string;
}

/** How a fleet is made. */
export interface FleetOptions {
  /** Whether the fleet creates its Namespace. */
  readonly managesNamespace: boolean;
  /** The connection to the cluster. */
  readonly provider?: pulumi.ProviderResource;
  /** The component that the fleet is a part of. @default none */
  readonly parent?: pulumi.Resource | undefined;
  /** What is told while a Deployment is updated. @default only what the provider tells */
  readonly hooksOf?: readonly HooksOf[];
  /** IDs of models whose requests somebody else answers until their pods are ready: the Ingress waits. @default none */
  readonly takesOver?: readonly string[];
  /** By model ID, the models whose HTTPRoutes take over a path of it, and must do so first. @default none */
  readonly handovers?: ReadonlyMap<string, readonly string[]>;
  /** Whether the program has no transforms, which may rename objects. @default false */
  readonly alone?: boolean | undefined;
  /** IDs of the only models to register; the Ingress has all of them. @default all */
  readonly only?: ReadonlySet<string> | undefined;
}

/** The outputs of a fleet, for other components and programs. */
export interface FleetOutputs {
  readonly namespace: pulumi.Input<string>;
  /** URL of each model, by ID. */
  readonly urls: Readonly<Record<string, string>>;
  /** What runs, by model ID. */
  readonly models: Readonly<Record<string, ModelOutputs>>;
  /** Names of the Secret versions that the pods of this release need. */
  readonly secretNames: pulumi.Output<string[]>;
}

/** What runs of one model. */
export interface ModelOutputs extends VariantOutputs {
  readonly url: string | undefined;
  /** Name of the variant that the values above are of; missing if the model has no variants. */
  readonly champion?: string;
  /** Every variant by name, the champion included. */
  readonly variants?: Readonly<Record<string, VariantOutputs & ShareOutputs>>;
}

/** What runs of one variant. */
interface VariantOutputs {
  readonly image: string;
  /** Undefined if an autoscaler decides it, within the two below. */
  readonly replicas?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
}

/** What a variant gets of the requests. */
interface ShareOutputs {
  readonly trafficPercent: number;
  readonly mirrorPercent?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Announces the objects that {@link createFleet} makes in the namespace.
 *
 * @throws UserError if two share a name, or if `adopt` names an object that is not among them
 */
export function announceFleet(
  fleet: Pick<Fleet<unknown>, "models" | "registry" | "routing" | "ingress" | "gateway"> &
    Partial<Pick<Fleet, "networkPolicy" | "monitoring" | "adopt">>,
): readonly Announcement[] {
  const objects = hasPods(fleet)
    ? announced([
        ...pullSecretObjects(fleet),
        ...networkPolicyObjects(fleet),
        ...podMonitorObjects(fleet),
        ...announceModels(fleet.models, fleet),
        ...(fleet.routing.defaultBackend === undefined ? [] : defaultBackendObjects()),
        ...(usesIngress(fleet.routing) ? ingressObjects(fleet) : []),
        ...(usesGateway(fleet.routing) ? gatewayObjects(fleet) : []),
      ])
    : [];
  refuseAdoptOfNothing(fleet.adopt ?? [], objects);
  return objects;
}

/** Announces the objects of some models of a fleet. */
export function announceModels(
  models: readonly Model<unknown>[],
  { routing }: Pick<Fleet<unknown>, "routing">,
): Announcement[] {
  const routed = usesGateway(routing) ? models : [];
  return [...models.flatMap(modelObjects), ...routed.flatMap(modelRouteObjects)];
}

/** Announces what an update of some models only changes: their objects, and what is made of the list of all models. */
export function announceTargets(
  fleet: Pick<Fleet<unknown>, "models" | "routing" | "ingress"> & Partial<Pick<Fleet, "monitoring">>,
  only: ReadonlySet<string>,
): Announcement[] {
  return [
    ...announceModels(
      fleet.models.filter(({ id }) => only.has(id)),
      fleet,
    ),
    ...(fleet.routing.defaultBackend === undefined ? [] : defaultBackendObjects()),
    ...(usesIngress(fleet.routing) ? ingressObjects(fleet) : []),
    ...podMonitorObjects(fleet),
  ];
}

/**
 * Makes a whole fleet: its Namespace if the fleet manages it, the pull Secret, a ModelService per model, the default
 * backend, and one Ingress from the whole list.
 */
export function createFleet(fleet: FleetArgs, options: FleetOptions): FleetOutputs {
  return makeOwn(() => createObjects(fleet, options));
}

function createObjects(fleet: FleetArgs, options: FleetOptions): FleetOutputs {
  const { managesNamespace, provider, parent, hooksOf, alone, only } = options;
  const { takesOver = [], handovers = new Map<string, string[]>() } = options;
  const { stack, labels, annotations } = fleet;
  const announcements = announceFleet(fleet);
  const size = { models: fleet.models.length, objects: announcements.length };
  const registered = only === undefined ? tellProgress(size) : undefined;
  const guarded = guard(announcements, fleet.namespace, { registered, hooksOf, alone });
  const opts = { ...(provider && { provider }), ...(parent && { parent }), ...guarded.opts };

  const namespace = managesNamespace
    ? createNamespace(
        fleet.namespace,
        { stack, labels, annotations, podSecurity: podSecurityOf(fleet) },
        opts,
      ).metadata.name
    : fleet.namespace;
  const secretNames = hasPods(fleet)
    ? createServers({ ...fleet, takesOver, handovers, only }, namespace, opts)
    : [];
  guarded.open();

  const urls = modelUrls(fleet.models, fleet.routing);
  return { namespace, urls, models: modelOutputs(fleet, urls), secretNames: pulumi.all(secretNames) };
}

/** Makes the models and what leads to them. @returns Names of the versions of Secrets that their pods need */
function createServers(
  fleet: FleetArgs & Required<Pick<FleetOptions, "takesOver" | "handovers">> & Pick<FleetOptions, "only">,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  const { stack, labels, annotations, registry, routing } = fleet;
  const own = { stack, labels, annotations, namespace };
  const pullSecret = createPullSecret({ ...own, registry }, opts);
  const { only, monitoring } = fleet;
  const registered = fleet.models.filter(({ id }) => only?.has(id) ?? true);
  const services = new Map(
    registered.map(({ id, ...model }) => {
      const args = { ...model, namespace, stack, pullSecret, scrape: monitoring.scrape };
      return [id, new ModelService(id, args, opts)];
    }),
  );
  const routes = fleet.models.map((model) => services.get(model.id)?.route ?? existingRoute(model));
  createNetworkPolicy({ ...own, networkPolicy: fleet.networkPolicy }, opts);
  createPodMonitor({ ...own, models: fleet.models, monitoring }, opts);
  const models = fleet.models.map(({ id }) => id);
  const told = { models, retired: successorUrls(routing), modelHeader: modelHeaderOf(routing) };
  const backend =
    routing.defaultBackend &&
    new DefaultBackend("default-backend", { ...own, ...routing.defaultBackend, ...told, pullSecret }, opts);
  createRoutes({ ...fleet, ...own, routes, services, defaultService: backend?.serviceName }, opts);
  const ofModels = [...services.values()].flatMap(({ secretNames }) => secretNames);
  return [pullSecret, ...ofModels].flatMap((name) => name ?? []);
}

/** The URLs of the successors of retired models, by the path of each; paths if no URL is known. */
function successorUrls({ retired, url = "" }: FleetArgs["routing"]): Record<string, string> {
  return Object.fromEntries(Object.entries(retired).map(([path, successor]) => [path, url + successor]));
}

/** Without a model and a default backend, a fleet is its Namespace: the API server accepts no Ingress without a path. */
export function hasPods({ models, routing }: Pick<Fleet<unknown>, "models" | "routing">): boolean {
  return models.length > 0 || routing.defaultBackend !== undefined;
}

function modelOutputs(
  { models }: Pick<FleetArgs, "models">,
  urls: Readonly<Record<string, string>>,
): Record<string, ModelOutputs> {
  return Object.fromEntries(
    models.map((model) => {
      const { id, image, variant, challengers } = model;
      const own = { image, ...podOutputs(model), url: urls[id] };
      if (variant === DEFAULT_VARIANT && challengers.length === 0) return [id, own];
      const variants = Object.fromEntries(variantsOf(model).map((one) => [one.variant, variantOutputs(one)]));
      return [id, { ...own, champion: variant, variants }];
    }),
  );
}

function podOutputs({
  replicas,
  autoscaling,
}: Variant<unknown>): Pick<VariantOutputs, "replicas" | "minReplicas" | "maxReplicas"> {
  if (autoscaling !== undefined) return { minReplicas: autoscaling.min, maxReplicas: autoscaling.max };
  return replicas === undefined ? {} : { replicas };
}

function variantOutputs(variant: Variant<unknown>) {
  const { image, weight, mirrorPercent, headers } = variant;
  return {
    ...{ image, ...podOutputs(variant), trafficPercent: weight },
    ...(mirrorPercent !== undefined && { mirrorPercent }),
    ...(headers && { headers }),
  };
}
