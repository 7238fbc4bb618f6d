import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Autoscaling, Metric } from "../../config/scaling";
import { modelNames } from "../../fleet/names";
import { KINDS } from "../../fleet/objects";
import { autoscalerKind } from "./autoscaler";
import { type Companion, companionOf } from "./companion";

/** KEDA's autoscaler, for what Prometheus measures. @see https://keda.sh/docs/latest/reference/scaledobject-spec/ */
export const scaledObject: Companion = {
  kind: "scaledobject",
  isWanted: (settings) => autoscalerKind(settings) === "scaledobject",
  create: (args, opts) => {
    const { title, metadata } = companionOf(args);
    const { apiVersion, kind } = KINDS.scaledobject;
    const spec = specOf(modelNames(args.id, args.variant).deployment, args.autoscaling as Autoscaling);
    return new CustomResource(title, { apiVersion, kind, metadata, spec }, opts);
  },
};

function specOf(deployment: string, { min, max, downDelaySeconds, metric }: Autoscaling): object {
  const { url, query, target } = metric as Extract<Metric, { by: "prometheus" }>;
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicaCount: min,
    maxReplicaCount: max,
    // The last pod, where there may be none.
    cooldownPeriod: downDelaySeconds,
    advanced: {
      horizontalPodAutoscalerConfig: {
        behavior: { scaleDown: { stabilizationWindowSeconds: downDelaySeconds } },
      },
    },
    triggers: [
      {
        type: "prometheus",
        metricType: "AverageValue",
        // KEDA takes strings.
        metadata: { serverAddress: url, query, threshold: String(target) },
      },
    ],
  };
}
