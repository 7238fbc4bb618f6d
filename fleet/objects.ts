import { fieldManager, FLEET_NAMES, modelNames, ownerLabels } from "./names";

/** Kinds that the fleet makes in its namespace, as `adopt` names them, and where the API server lists them. */
const KINDS = {
  deployment: "/apis/apps/v1/namespaces/{namespace}/deployments",
  service: "/api/v1/namespaces/{namespace}/services",
  secret: "/api/v1/namespaces/{namespace}/secrets",
  ingress: "/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses",
  middleware: "/apis/traefik.io/v1alpha1/namespaces/{namespace}/middlewares",
} as const;
export type Kind = keyof typeof KINDS;

/** Where the API server has the objects of a kind in a namespace, or the one of that name. */
export function pathOf(kind: Kind, namespace: string, name?: string): string {
  const list = KINDS[kind].replace("{namespace}", namespace);
  return name === undefined ? list : `${list}/${name}`;
}

/** What of the settings decides which objects there will be. */
export interface FleetShape {
  readonly models: readonly { readonly id: string }[];
  readonly registry: unknown;
  readonly ingress: { readonly controller: "nginx" | "traefik"; readonly defaultBackend?: unknown };
}

/** Every object that the fleet will make in its namespace, as `kind/name`. */
export function wantedObjects({ models, registry, ingress }: FleetShape): Set<`${Kind}/${string}`> {
  const wanted = new Set<`${Kind}/${string}`>();
  for (const { id } of models) {
    const { deployment, service, secret } = modelNames(id);
    wanted.add(`deployment/${deployment}`).add(`service/${service}`).add(`secret/${secret}`);
  }
  if (registry !== undefined) wanted.add(`secret/${FLEET_NAMES.pullSecret}`);
  if (ingress.defaultBackend !== undefined) {
    wanted.add(`deployment/${FLEET_NAMES.defaultBackend}`).add(`service/${FLEET_NAMES.defaultBackend}`);
  }
  if (models.length > 0 || ingress.defaultBackend !== undefined) {
    wanted.add(`ingress/${FLEET_NAMES.ingress}`);
    if (ingress.controller === "traefik") wanted.add(`middleware/${FLEET_NAMES.stripPrefixMiddleware}`);
  }
  return wanted;
}

/** The part of an object's metadata that says whose it is. */
export interface ObjectMeta {
  readonly name?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
}

/**
 * Which fields one manager holds.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#System
 */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: FieldSet;
}

/** A tree of field names; a leaf is an empty one. */
export interface FieldSet {
  [field: string]: FieldSet;
}

/**
 * Whether the stack made an object: it bears the stack's labels, or, where somebody took them off, the stack is among
 * those who applied its fields. The API server keeps that record, so a lost state does not lose it.
 */
export function isOwn({ labels = {}, managedFields = [] }: ObjectMeta, stack: string): boolean {
  const labelled = Object.entries(ownerLabels(stack)).every(([key, value]) => labels[key] === value);
  return labelled || managedFields.some(({ manager }) => manager === fieldManager(stack));
}
