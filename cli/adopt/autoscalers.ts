import type { OldModel } from "./entry";
import type { AutoscalerMetric, AutoscalerObject } from "./objects";

/** How many pods the new Deployment has: as many as run now, and one if an autoscaler has ended all of them. */
export function podsOf({ deployment: { spec }, autoscalers }: OldModel): number {
  const { replicas = 1 } = spec;
  return autoscalers.length > 0 ? Math.max(1, replicas) : replicas;
}

/** The settings that take the place of an autoscaler; only those that it says. */
function settingsOf({ spec = {} }: AutoscalerObject): string[] {
  const { minReplicas = 1, maxReplicas, metrics = [] } = spec;
  const [metric, ...others] = metrics;
  const { name, target } = resourceOf(metric) ?? {};
  const percent = target?.averageUtilization;
  const isKnown = others.length === 0 && (name === "cpu" || name === "memory") && percent !== undefined;
  return [
    `maxReplicas: ${maxReplicas ?? "<number>"}`,
    ...(minReplicas === 1 ? [] : [`minReplicas: ${minReplicas}`]),
    ...(isKnown && name !== "cpu" ? [`scaleMetric: ${name}`] : []),
    isKnown ? `scaleTarget: ${percent}` : "a scaleMetric (docs/scaling.md)",
  ];
}

function resourceOf(metric: AutoscalerMetric | undefined) {
  return metric?.resource ?? metric?.containerResource;
}

/** What made an autoscaler, such as a ScaledObject of KEDA, which would make it again. */
export function makerOf({ metadata }: AutoscalerObject): string | undefined {
  const [owner] = metadata.ownerReferences ?? [];
  return owner && `${owner.kind} ${owner.name}`;
}

/**
 * What is to be said about an autoscaler of the old Deployment. The new one starts with as many pods as there are now, and no
 * autoscaler: one that starts with a single pod could not take all requests at once.
 */
export function scalerNote(old: OldModel, scaler: AutoscalerObject): string {
  const maker = makerOf(scaler);
  const name = maker ?? `HorizontalPodAutoscaler ${scaler.metadata.name ?? ""}`;
  const goes = maker === undefined ? "" : `, and delete the ${maker}`;
  return (
    `${name} scales the old Deployment, and the new one has as many pods as run now (${podsOf(old)}): ` +
    `once the old objects are gone, set ${settingsOf(scaler).join(", ")} in catalog.${old.id}, and remove its replicas${goes}`
  );
}
