/** Objects that the fleet does not make and its pods need, such as a Secret that an operator fills. Pure. */

/** How Kubernetes names a kind of object of others. */
interface NeededKindNames {
  /** As messages name it. */
  readonly kind: string;
  /** The API server's path of the group and version. */
  readonly group: string;
  readonly plural: string;
  /** Whether its objects are in no namespace. */
  readonly isClusterWide?: true;
}

/** The kinds that settings can name objects of. A new one is one line here. */
export const NEEDED_KINDS = {
  secret: { kind: "Secret", group: "/api/v1", plural: "secrets" },
  configmap: { kind: "ConfigMap", group: "/api/v1", plural: "configmaps" },
  namespace: { kind: "Namespace", group: "/api/v1", plural: "namespaces", isClusterWide: true },
  persistentvolumeclaim: {
    kind: "PersistentVolumeClaim",
    group: "/api/v1",
    plural: "persistentvolumeclaims",
  },
  serviceaccount: { kind: "ServiceAccount", group: "/api/v1", plural: "serviceaccounts" },
  priorityclass: {
    kind: "PriorityClass",
    group: "/apis/scheduling.k8s.io/v1",
    plural: "priorityclasses",
    isClusterWide: true,
  },
  runtimeclass: {
    kind: "RuntimeClass",
    group: "/apis/node.k8s.io/v1",
    plural: "runtimeclasses",
    isClusterWide: true,
  },
  resourceclaim: { kind: "ResourceClaim", group: "/apis/resource.k8s.io/v1", plural: "resourceclaims" },
  resourceclaimtemplate: {
    kind: "ResourceClaimTemplate",
    group: "/apis/resource.k8s.io/v1",
    plural: "resourceclaimtemplates",
  },
} as const satisfies Record<string, NeededKindNames>;
export type NeededKind = keyof typeof NEEDED_KINDS;

/** An object that a setting names. */
export interface Needed {
  readonly kind: NeededKind;
  readonly name: string;
  /** Path of the setting, such as `catalog.iris.serviceAccountName`. */
  readonly path: string;
}

/** The API server's path of all objects of a kind that the fleet's pods can use. */
export function neededPath(kind: NeededKind, namespace: string): string {
  const { group, plural } = NEEDED_KINDS[kind];
  return `${group}${isClusterWide(kind) ? "" : `/namespaces/${namespace}`}/${plural}`;
}

/** Whether a kind's objects are in no namespace. */
export function isClusterWide(kind: NeededKind): boolean {
  const names: NeededKindNames = NEEDED_KINDS[kind];
  return names.isClusterWide ?? false;
}
