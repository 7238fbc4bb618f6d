import { VERSION_OF } from "./owner";

/** How Kubernetes and Pulumi name a kind of object. */
interface KindNames {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name in the API server's paths. */
  readonly plural: string;
}

/**
 * The kinds of object that the fleet makes in its namespace, by the name that `adopt` uses. A new kind is one line here
 * and an announcement in the component that makes it.
 */
export const KINDS = {
  deployment: { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments" },
  service: { apiVersion: "v1", kind: "Service", plural: "services" },
  secret: { apiVersion: "v1", kind: "Secret", plural: "secrets" },
  serviceaccount: { apiVersion: "v1", kind: "ServiceAccount", plural: "serviceaccounts" },
  poddisruptionbudget: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    plural: "poddisruptionbudgets",
  },
  podmonitor: { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor", plural: "podmonitors" },
  networkpolicy: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", plural: "networkpolicies" },
  horizontalpodautoscaler: {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    plural: "horizontalpodautoscalers",
  },
  scaledobject: { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", plural: "scaledobjects" },
  ingress: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", plural: "ingresses" },
  middleware: { apiVersion: "traefik.io/v1alpha1", kind: "Middleware", plural: "middlewares" },
  gateway: { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", plural: "gateways" },
  httproute: { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", plural: "httproutes" },
} as const satisfies Record<string, KindNames>;
export type Kind = keyof typeof KINDS;

/**
 * The fields of each kind that are the stack's alone, with everything below: what the pods run, how they are rolled out
 * and spread, and how requests reach them. Fields that a user adds elsewhere stay: labels and annotations, also those of
 * the pods, `tls`, `tolerations`, `nodeSelector`, `volumes`.
 */
export const SOLE_FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  deployment: [
    "spec.paused",
    "spec.strategy",
    ...[
      "initContainers",
      "containers",
      "imagePullSecrets",
      "securityContext",
      "topologySpreadConstraints",
    ].map((field) => `spec.template.spec.${field}`),
  ],
  service: ["spec.ports"],
  secret: [],
  serviceaccount: [],
  poddisruptionbudget: ["spec"],
  networkpolicy: ["spec"],
  horizontalpodautoscaler: ["spec"],
  scaledobject: ["spec"],
  podmonitor: ["spec"],
  ingress: ["spec.rules"],
  middleware: ["spec"],
  gateway: ["spec.listeners"],
  httproute: ["spec"],
};

/** The names of all kinds, as `adopt` uses them. */
export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

/** An object of the fleet's namespace, as `kind/name`. */
export type ObjectName = `${Kind}/${string}`;

/**
 * An object that a component makes, announced before it is registered. The name of a versioned object ends in `-*`:
 * the hash of its content follows.
 */
export interface Announcement {
  readonly object: ObjectName;
  /** Its maker, as messages name it: `model "iris"`, `the registry`. */
  readonly by: string;
}

/** Two announcements of one object: a name is unique per kind, so the second object would overwrite the first. */
export interface Clash {
  readonly object: ObjectName;
  readonly first: string;
  readonly second: string;
}

/** The announcements that repeat an earlier one. */
export function clashes(announcements: readonly Announcement[]): Clash[] {
  const first = new Map<ObjectName, string>();
  return announcements.flatMap(({ object, by }) => {
    const earlier = first.get(object);
    if (earlier === undefined) first.set(object, by);
    return earlier === undefined ? [] : [{ object, first: earlier, second: by }];
  });
}

/** The API server's path of all objects of a kind in a namespace, or of the object with a name. */
export function pathOf(kind: Kind, namespace: string, name?: string): string {
  const list = `${groupOf(kind)}/namespaces/${namespace}/${KINDS[kind].plural}`;
  return name === undefined ? list : `${list}/${name}`;
}

/** The API server's path of all objects of a kind in all namespaces. */
export function pathEverywhere(kind: Kind): string {
  return `${groupOf(kind)}/${KINDS[kind].plural}`;
}

function groupOf(kind: Kind): string {
  const { apiVersion } = KINDS[kind];
  return `${apiVersion === "v1" ? "/api" : "/apis"}/${apiVersion}`;
}

/** The API server's path of the pods of a namespace. */
export function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

/** The API server's path of the ReplicaSets of a namespace. */
export function replicaSetsPath(namespace: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/replicasets`;
}

/** The API server's path of the HorizontalPodAutoscalers of a namespace. */
export function autoscalersPath(namespace: string): string {
  return `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
}

/**
 * The announced name of an object that Pulumi is about to register; undefined for a component, the provider and the
 * Namespace, which are not announced. A kind that {@link KINDS} lacks gets a name that no component can announce.
 *
 * @param type Pulumi's type, such as `kubernetes:apps/v1:Deployment`.
 * @param metadata The object's metadata. A versioned object's name may be unknown, so its annotation has the stem.
 */
export function registeredObject(
  type: string,
  metadata: {
    readonly name?: unknown;
    readonly namespace?: unknown;
    readonly annotations?: Readonly<Record<string, unknown>>;
  } = {},
): string | undefined {
  if (!type.startsWith("kubernetes:") || type === "kubernetes:core/v1:Namespace") return undefined;
  const kind = KIND_NAMES.find((name) => pulumiType(name) === type) ?? type;
  const stem = metadata.annotations?.[VERSION_OF];
  return `${kind}/${stem === undefined ? String(metadata.name) : `${String(stem)}-*`}`;
}

/** Pulumi's type of a kind. */
export function pulumiType(kind: Kind): string {
  const { apiVersion, kind: name } = KINDS[kind];
  return `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${name}`;
}

/** The only port of each of the fleet's Services. */
export const SERVICE_PORT = { name: "http", port: 80, protocol: "TCP" } as const;
