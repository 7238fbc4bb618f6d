/** The fields of Kubernetes' objects that tell why a pod is not ready. */

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus */
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly containers?: readonly {
      readonly envFrom?: readonly { readonly secretRef?: { readonly name?: string } }[];
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface ContainerStatus {
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
  readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode: number };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export interface Event {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** The status of the only container. */
export function containerOf({ status }: Pod): ContainerStatus {
  return status?.containerStatuses?.[0] ?? {};
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
}

const REVISION = "deployment.kubernetes.io/revision";

interface Annotated {
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Whether a ReplicaSet has the pods of its Deployment's current template. */
export function isSameRevision(replicaSet: Annotated, deployment: Annotated): boolean {
  return replicaSet.annotations?.[REVISION] === deployment.annotations?.[REVISION];
}
