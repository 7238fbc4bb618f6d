import type * as pulumi from "@pulumi/pulumi";
import type { Part, PodSettings } from "../part";

/** Additional pods during a rollout, as a share of `replicas`. No pod goes before its successor is ready. */
const MAX_SURGE = 0.25;

/** How many pods there are, and how new ones replace old ones. */
export const rollout: Part = ({ replicas, startupSeconds }) => ({
  deployment: {
    replicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: startupSeconds,
    strategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: `${MAX_SURGE * 100}%` },
    },
  },
});

/**
 * How long a rollout may take, in seconds: its pods start in batches of the surge, each within its startup budget.
 * A first rollout starts all of them at once.
 */
export function rolloutSeconds(replicas: number, startupSeconds: number): { create: number; update: number } {
  const batches = Math.ceil(replicas / Math.max(1, Math.ceil(replicas * MAX_SURGE)));
  return { create: startupSeconds, update: startupSeconds * Math.max(1, batches) };
}

/** Seconds that the deletion of a Deployment may take besides the drain of its pods: the provider's own default. */
const DELETE_SECONDS = 600;

/** The timeouts of a Deployment: the update waits as long as its rollout may take, and until its pods are gone. */
export function rolloutTimeouts({
  replicas,
  startupSeconds,
  drainSeconds,
}: PodSettings): pulumi.CustomTimeouts {
  const { create, update } = rolloutSeconds(replicas, startupSeconds);
  return { create: `${create}s`, update: `${update}s`, delete: `${DELETE_SECONDS + drainSeconds}s` };
}
