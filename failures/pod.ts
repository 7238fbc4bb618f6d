import { SERVER } from "../fleet/names";

/** The fields of Kubernetes' objects that tell why a pod is not ready. */

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus */
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly containers?: readonly ContainerSpec[];
    readonly initContainers?: readonly ContainerSpec[];
    readonly volumes?: readonly { readonly secret?: { readonly secretName?: string } }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerSpec {
  readonly name?: string;
  /** `Always` for an init container that runs beside the server. */
  readonly restartPolicy?: string;
  readonly env?: readonly {
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string } };
  }[];
  readonly envFrom?: readonly { readonly secretRef?: { readonly name?: string } }[];
}

export interface ContainerStatus {
  readonly name?: string;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
  readonly terminated?: Terminated;
}

/** How a container ended. */
export interface Terminated {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode: number;
  readonly startedAt?: string | null;
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

/** When an event last came; empty if it does not say so. */
export function timeOf({ lastTimestamp, eventTime }: Event): string {
  return lastTimestamp ?? eventTime ?? "";
}

/** The status of the server's container. */
export function containerOf({ status }: Pod): ContainerStatus {
  const all = status?.containerStatuses ?? [];
  return all.find(({ name }) => name === SERVER) ?? all[0] ?? {};
}

/** States of a container that is only being made. */
const BEGINNING = ["ContainerCreating", "PodInitializing"];

/** Whether a container waits for more than being made. */
export function isHeldUp({ state: { waiting } = {} }: ContainerStatus): boolean {
  return waiting?.reason !== undefined && !BEGINNING.includes(waiting.reason);
}

/** The container that keeps its pod from being ready, if it is another one than the server's, else that. */
export function culpritOf(pod: Pod): ContainerStatus {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const server = containerOf(pod);
  const others = [...initContainerStatuses, ...containerStatuses.filter((one) => one !== server)];
  const failed = ({ state, lastState }: ContainerStatus) =>
    [state, lastState].some((one) => (one?.terminated?.exitCode ?? 0) !== 0) && state?.running === undefined;
  return others.find((one) => isHeldUp(one) || failed(one)) ?? unfinishedOf(pod) ?? server;
}

/** The init container that still runs, such as a download, and that the server waits for; undefined if there is none. */
export function unfinishedOf({ spec, status }: Pod): ContainerStatus | undefined {
  const beside = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return status?.initContainerStatuses?.find(
    ({ name, state }) => state?.running !== undefined && !beside.some((one) => one.name === name),
  );
}

/** Names of the Secrets whose values a pod's containers have. */
export function secretNamesOf({ spec }: Pod): string[] {
  const { containers = [], initContainers = [], volumes = [] } = spec ?? {};
  const names = [...containers, ...initContainers].flatMap(({ env = [], envFrom = [] }) => [
    ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
    ...envFrom.map(({ secretRef }) => secretRef?.name),
  ]);
  const all = [...names, ...volumes.map(({ secret }) => secret?.secretName)];
  return [...new Set(all.flatMap((name) => name ?? []))];
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
