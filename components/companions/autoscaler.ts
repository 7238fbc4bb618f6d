import type { types } from "@pulumi/kubernetes";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { Variant } from "../../config/resolve";
import type { Autoscaling, Metric } from "../../config/scaling";
import { modelNames, SERVER } from "../../fleet/names";
import type { Kind } from "../../fleet/objects";
import { type Companion, companionOf } from "./companion";

type Spec = types.input.autoscaling.v2.HorizontalPodAutoscalerSpec;

/** The kind of a variant's autoscaler: Kubernetes' own knows no Prometheus. Undefined if its number of pods is fixed. */
export function autoscalerKind({ autoscaling }: Pick<Variant<unknown>, "autoscaling">): Kind | undefined {
  if (autoscaling === undefined) return undefined;
  return autoscaling.metric.by === "prometheus" ? "scaledobject" : "horizontalpodautoscaler";
}

/** Kubernetes' own autoscaler, for what a metrics server or an adapter measures. */
export const autoscaler: Companion = {
  kind: "horizontalpodautoscaler",
  isWanted: (settings) => autoscalerKind(settings) === "horizontalpodautoscaler",
  create: (args, opts) => {
    const { title, metadata } = companionOf(args);
    const spec = specOf(modelNames(args.id, args.variant).deployment, args.autoscaling as Autoscaling);
    return new HorizontalPodAutoscaler(title, { metadata, spec }, opts);
  },
};

/** What the Deployment says of its autoscaler, for a later update that knows no longer of it. */
export function autoscaledText(settings: Pick<Variant<unknown>, "autoscaling">): string {
  const { min, max } = settings.autoscaling as Autoscaling;
  return `${autoscalerKind(settings)} ${min}-${max}`;
}

function specOf(deployment: string, { min, max, downDelaySeconds, metric }: Autoscaling): Spec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: min,
    maxReplicas: max,
    metrics: [metricSpec(metric)],
    behavior: { scaleDown: { stabilizationWindowSeconds: downDelaySeconds } },
  };
}

function metricSpec(metric: Metric): types.input.autoscaling.v2.MetricSpec {
  if (metric.by === "resource") {
    const target = { type: "Utilization", averageUtilization: metric.percent };
    // Of the model's container alone: one beside it may have no request, and then the pod would have no share.
    return {
      type: "ContainerResource",
      containerResource: { container: SERVER, name: metric.name, target },
    };
  }
  const { name, selector: matchLabels } = metric as Extract<Metric, { by: "external" }>;
  const hasLabels = Object.keys(matchLabels).length > 0;
  const target = { type: "AverageValue", averageValue: String(metric.target) };
  return {
    type: "External",
    external: { metric: { name, ...(hasLabels && { selector: { matchLabels } }) }, target },
  };
}
