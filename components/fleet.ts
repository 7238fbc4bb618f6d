import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../config/resolve";
import type { Announcement } from "../fleet/objects";
import { announced, guard } from "./announced";
import { modelObjects, ModelService } from "./model-service";
import { createNamespace } from "./namespace";
import { createPullSecret, pullSecretObjects } from "./pull-secret";
import { DefaultBackend, defaultBackendObjects } from "./routing/default-backend";
import { ingressObjects, ModelIngress } from "./routing/model-ingress";
import { modelUrls } from "./routing/route";

/** The resolved settings of a fleet, and the stack that owns its objects. */
export interface FleetArgs extends Omit<Fleet<pulumi.Input<string>>, "adopt"> {
  readonly stack: string;
}

/** How a fleet is made. */
export interface FleetOptions {
  /** Whether the fleet creates its Namespace. */
  readonly managesNamespace: boolean;
  /** The connection to the cluster. */
  readonly provider?: pulumi.ProviderResource;
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
export interface ModelOutputs {
  readonly image: string;
  readonly replicas: number;
  readonly url: string | undefined;
}

/** Announces the objects that {@link createFleet} makes in the namespace. @throws UserError if two share a name */
export function announceFleet(
  fleet: Pick<Fleet<unknown>, "models" | "registry" | "routing" | "ingress">,
): readonly Announcement[] {
  const { models, registry, routing } = fleet;
  const hasDefaultBackend = routing.defaultBackend !== undefined;
  return announced([
    ...(registry === undefined ? [] : pullSecretObjects()),
    ...models.flatMap((model) => modelObjects(model)),
    ...(hasDefaultBackend ? defaultBackendObjects() : []),
    ...ingressObjects(fleet, models.length > 0 || hasDefaultBackend),
  ]);
}

/**
 * Makes a whole fleet: its Namespace if the fleet manages it, the pull Secret, a ModelService per model, the default
 * backend, and one Ingress from the whole list.
 */
export function createFleet(fleet: FleetArgs, { managesNamespace, provider }: FleetOptions): FleetOutputs {
  const { stack, labels, annotations, routing, ingress } = fleet;
  const own = { stack, labels, annotations };
  const { transformation, open } = guard(announceFleet(fleet));
  const opts = { ...(provider && { provider }), transformations: [transformation] };

  const namespace = managesNamespace
    ? createNamespace(fleet.namespace, own, opts).metadata.name
    : fleet.namespace;
  const pullSecret = fleet.registry && createPullSecret({ ...own, ...fleet.registry, namespace }, opts);
  const services = fleet.models.map(({ id, ...model }) => {
    const args = { ...model, namespace, stack, pullSecret };
    return { id, path: model.path, component: new ModelService(id, args, opts) };
  });
  const models = fleet.models.map(({ id }) => id);
  const backend =
    routing.defaultBackend &&
    new DefaultBackend(
      "default-backend",
      { ...own, ...routing.defaultBackend, namespace, pullSecret, models },
      opts,
    );
  const routes = services.map(({ id, path, component }) => ({ id, path, service: component.serviceName }));
  const defaultService = backend?.serviceName;
  new ModelIngress("models", { ...own, namespace, ingress, routing, routes, defaultService }, opts);
  open();

  const urls = modelUrls(fleet.models, routing.url);
  const names = [pullSecret, ...services.map(({ component }) => component.secretName)];
  const secretNames = pulumi.all(names.flatMap((name) => name ?? []));
  return { namespace, urls, models: modelOutputs(fleet, urls), secretNames };
}

function modelOutputs(
  { models }: Pick<FleetArgs, "models">,
  urls: Readonly<Record<string, string>>,
): Record<string, ModelOutputs> {
  return Object.fromEntries(
    models.map(({ id, image, replicas }) => [id, { image, replicas, url: urls[id] }]),
  );
}
