import type * as pulumi from "@pulumi/pulumi";
import { holdsDevices, isNone } from "../../../config/settings/rollout";
import { podCounts } from "../../../config/settings/scaling";
import { PRE_STOP_SECONDS } from "../../../fleet/times";
import type { Part, PodSettings } from "../part";

/** How many pods there are, and how new ones replace old ones. */
export const rollout: Part = (settings) => ({
  deployment: {
    // An autoscaler's, if the settings have none: a number that is applied once is set back by every update.
    ...(settings.replicas !== undefined && { replicas: settings.replicas }),
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: secondsOfPod(settings),
    strategy: strategyOf(settings),
  },
});

/** A number of pods, or a share of them such as `25%`. */
type Amount = number | string;

/** As in a Deployment. */
export type Strategy =
  | { readonly type: "Recreate" }
  | {
      readonly type: "RollingUpdate";
      readonly rollingUpdate: { readonly maxUnavailable: Amount; readonly maxSurge: Amount };
    };

/**
 * No pod goes before its successor is ready, unless it holds what the successor needs: the rollout would wait for ever
 * for a device that an old pod holds.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
 */
export function strategyOf(settings: PodSettings): Strategy {
  const { deploymentStrategy: own = {}, spareGpus = false } = settings;
  const isTight = holdsDevices(settings) && !spareGpus;
  const { maxSurge = isTight ? 0 : "25%" } = own;
  const { maxUnavailable = isNone(maxSurge) ? 1 : 0 } = own;
  const isOpen = own.maxSurge === undefined && own.maxUnavailable === undefined;
  const { type = isTight && isOpen && podCounts(settings).most <= 1 ? "Recreate" : "RollingUpdate" } = own;
  return type === "Recreate" ? { type } : { type, rollingUpdate: { maxUnavailable, maxSurge } };
}

/** Whether an old pod ends before its successor starts. */
export function endsFirst(strategy: Strategy): boolean {
  return strategy.type === "Recreate" || isNone(strategy.rollingUpdate.maxSurge);
}

/** How long one pod may take, in seconds: to start, and first to end where its predecessor must be gone. */
function secondsOfPod(settings: PodSettings): number {
  const isAfter = endsFirst(strategyOf(settings));
  return settings.startupSeconds + (isAfter ? PRE_STOP_SECONDS + settings.drainSeconds : 0);
}

/**
 * How long a rollout may take, in seconds: its pods start in batches, each within its startup budget. A first rollout
 * starts all of them at once.
 */
export function rolloutSeconds(settings: PodSettings): { create: number; update: number } {
  // An autoscaler may add pods while the update waits.
  const batches = batchesOf(strategyOf(settings), podCounts(settings).most);
  return { create: settings.startupSeconds, update: secondsOfPod(settings) * batches };
}

function batchesOf(strategy: Strategy, pods: number): number {
  if (strategy.type === "Recreate") return 1;
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate;
  // As Kubernetes rounds them.
  const batch = Math.ceil(amountOf(maxSurge, pods)) + Math.floor(amountOf(maxUnavailable, pods));
  return Math.max(1, Math.ceil(pods / Math.max(1, batch)));
}

function amountOf(amount: Amount, pods: number): number {
  return typeof amount === "number" ? amount : (parseInt(amount, 10) / 100) * pods;
}

/** Seconds that the deletion of a Deployment may take besides the drain of its pods, where it is waited for: the provider's own default. */
const DELETE_SECONDS = 600;

/** The timeouts of a Deployment: the update waits as long as its rollout may take, and until its pods are gone. */
export function rolloutTimeouts(settings: PodSettings): pulumi.CustomTimeouts {
  const { create, update } = rolloutSeconds(settings);
  return {
    create: `${create}s`,
    update: `${update}s`,
    delete: `${DELETE_SECONDS + settings.drainSeconds}s`,
  };
}
