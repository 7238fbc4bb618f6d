import { inBytes, inCores, type Times } from "../../fleet/quantity";
import { isGpu, type Pods, podsOf } from "./pods";
import type { ObjectState, Step } from "./steps";

/** What all pods of the fleet request together. */
export interface Totals {
  readonly pods: number;
  /** Kubernetes quantity: `1500m`, `2`. */
  readonly cpu: string;
  /** Kubernetes quantity: `512Mi`, `3Gi`. */
  readonly memory: string;
  readonly gpus: number;
}

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/** The totals before and after an update; the default backend counts too. */
export function totalsOf(steps: readonly Step[]): { readonly before: Totals; readonly after: Totals } {
  const deployments = steps.filter(({ type }) => type === DEPLOYMENT);
  const stateAfter = (step: Step) => (step.op === "delete" ? undefined : step.new);
  return { before: sum(deployments.map(({ old }) => old)), after: sum(deployments.map(stateAfter)) };
}

/** `Total: 3 -> 5 pods, cpu 300m -> 500m, memory 1Gi, GPUs 0 -> 1`; GPUs only if there are any. */
export function totalsLine({ before, after }: { readonly before: Totals; readonly after: Totals }): string {
  const change = (a: string | number, b: string | number) => (a === b ? `${a}` : `${a} -> ${b}`);
  const gpus = before.gpus + after.gpus === 0 ? [] : [`GPUs ${change(before.gpus, after.gpus)}`];
  const parts = [
    `${change(before.pods, after.pods)} ${after.pods === 1 ? "pod" : "pods"}`,
    `cpu ${change(before.cpu, after.cpu)}`,
    `memory ${change(before.memory, after.memory)}`,
  ];
  return `Total: ${[...parts, ...gpus].join(", ")}`;
}

function sum(states: readonly (ObjectState | undefined)[]): Totals {
  const all = states.flatMap((state) => (state === undefined ? [] : [podsOf(state.inputs)]));
  const gpus = all.flatMap(({ requests, replicas }) =>
    Object.entries(requests).map(([name, value]) => (isGpu(name) ? Number(value) * replicas : 0)),
  );
  return {
    pods: all.reduce((count, { replicas }) => count + replicas, 0),
    cpu: inCores(all.flatMap((pods) => times(pods, "cpu"))),
    memory: inBytes(all.flatMap((pods) => times(pods, "memory"))),
    gpus: gpus.reduce((count, one) => count + one, 0),
  };
}

function times({ requests, replicas }: Pods, resource: string): Times[] {
  const quantity = requests[resource];
  return quantity === undefined ? [] : [[quantity, replicas]];
}
