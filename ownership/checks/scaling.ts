import { modelTitle } from "../../fleet/names";
import { plannedDeployments, takenBack } from "../autoscalers";
import { isAtLeast } from "../cluster-facts";
import type { Finding, Plan } from "../finding";
import type { Snapshot } from "../snapshot";

/** The first version whose own autoscaler goes down to no pod without a feature gate. */
const TO_ZERO = { major: 1, minor: 37 };

/** Refuses that the default ends pods that an autoscaler runs: the settings are to say how many stay. */
export function fallingReplicas(
  plan: Pick<Plan, "models" | "stack">,
  { objects, pods }: Pick<Snapshot, "objects" | "pods">,
): Finding[] {
  return takenBack(plan, objects.get("deployment")).flatMap(({ id, variant, name }) => {
    const now = pods.get(name) ?? 1;
    if (now <= 1) return [];
    const text =
      `${modelTitle(id, variant)}: has ${now} pods by its autoscaler, which the settings lack now, and would have 1, the default of replicas; ` +
      `set replicas, such as to ${now}, to say how many stay`;
    return [{ level: "error", text }];
  });
}

/** Refuses no pods where the cluster's own autoscaler keeps one. */
export function scaleToZero(plan: Pick<Plan, "models">, { version }: Pick<Snapshot, "version">): Finding[] {
  if (version === undefined || isAtLeast(version, TO_ZERO)) return [];
  return plannedDeployments(plan)
    .filter(({ autoscaling }) => autoscaling?.min === 0 && autoscaling.metric.by === "external")
    .map(({ id, variant }) => ({
      level: "error",
      text:
        `${modelTitle(id, variant)}: minReplicas is 0, which an autoscaler of Kubernetes can from ${TO_ZERO.major}.${TO_ZERO.minor} on, and the cluster has ${version.major}.${version.minor}; ` +
        "set it to 1, or let KEDA scale by a PromQL query in scaling.metrics",
    }));
}

/** Says that nothing measures what an autoscaler looks at: the number of pods would stay as it is, without a word. */
export function missingMetrics(
  plan: Pick<Plan, "models">,
  { hasMetrics }: Pick<Snapshot, "hasMetrics">,
): Finding[] {
  const ids = plannedDeployments(plan)
    .filter(({ autoscaling }) => autoscaling?.metric.by === "resource")
    .map(({ id }) => id);
  if (ids.length === 0 || hasMetrics !== false) return [];
  const more = new Set(ids).size - 1;
  const text =
    `scaleMetric: the cluster has no metrics server, which measures cpu and memory, so ${ids[0] ?? ""}${more === 0 ? "" : ` and ${more} more`} will not scale; ` +
    "install one (https://github.com/kubernetes-sigs/metrics-server)";
  return [{ level: "warning", text }];
}
