import { z } from "zod";
import { setting, text, wantedLabels } from "../rules";

/** Settings of how many pods a model has. */
export const scalingSettings = {
  replicas: setting(
    z.int().min(0).max(1000).optional(),
    "Number of pods. 0 pauses the model and keeps its settings. Not beside `maxReplicas`.",
    { default: 1 },
  ),
  minReplicas: setting(
    z.int().min(0).max(1000).optional(),
    "The fewest pods of an autoscaled model. 0 needs a metric that exists without pods: one of `scaling.metrics`; nothing keeps the requests that come meanwhile.",
    { otherwise: "1" },
  ),
  maxReplicas: setting(
    z.int().min(1).max(1000).optional(),
    "The most pods: an autoscaler decides how many there are, and no update changes that number.",
    { otherwise: "the model has `replicas`" },
  ),
  scaleMetric: setting(
    text('is not the name of a metric, such as "cpu"', /^[A-Za-z][\w.-]*$/).optional(),
    "What the autoscaler looks at: `cpu` and `memory` with Kubernetes' own autoscaler and a metrics server; `concurrency` (requests that run), `rps` (requests a second) and `queue` (requests that wait), as vLLM, SGLang, llama.cpp and Triton report them, with KEDA and Prometheus; or a name in `scaling.metrics`.",
    { otherwise: "`cpu`" },
  ),
  scaleTarget: setting(
    z.number().positive().max(1_000_000_000).optional(),
    "Value of the metric per pod that the autoscaler keeps; of `cpu` and `memory`, per cent of the pods' request.",
    { otherwise: "80 for `cpu` and `memory`, else required" },
  ),
  scaleDownDelaySeconds: setting(
    z.int().min(0).max(3600).optional(),
    "How long fewer pods must be enough before some end, in seconds.",
    { otherwise: "300" },
  ),
};

/** How many pods a variant has at least and at most; 0 while it is paused. */
export function podCounts({
  replicas = 1,
  minReplicas = 1,
  maxReplicas,
}: {
  readonly replicas?: number | undefined;
  readonly minReplicas?: number | undefined;
  readonly maxReplicas?: number | undefined;
}): { readonly least: number; readonly most: number } {
  return maxReplicas === undefined
    ? { least: replicas, most: replicas }
    : { least: minReplicas, most: maxReplicas };
}

/** Where the metrics of the whole fleet come from. */
export const scaling = z.strictObject({
  prometheusUrl: setting(
    text(
      "is not the URL of a Prometheus, such as http://prometheus.monitoring:9090",
      /^https?:\/\/[^\s/]+\S*$/,
    ).optional(),
    "Prometheus as KEDA reaches it in the cluster, such as `http://prometheus.monitoring:9090`.",
    { otherwise: "required for all but `cpu`, `memory` and external metrics" },
  ),
  metrics: setting(
    z
      .record(
        text('is not the name of a metric, or is "cpu" or "memory"', /^(?!(cpu|memory)$)[A-Za-z][\w.-]*$/),
        z.union(
          [
            z.string().min(1, "is empty; give a query"),
            z.strictObject({ external: z.string().min(1), selector: wantedLabels.optional() }),
          ],
          "must be a PromQL query, or a map with external",
        ),
      )
      .default({}),
    "Metrics by name, for `scaleMetric`: a PromQL query that returns one number for all pods together, with `{id}`, `{namespace}` and `{deployment}` for those of the model; or `external`, the name of an external metric that an adapter serves, and its `selector`.",
  ),
});
