import { modelNames } from "../fleet/names";
import { nearest } from "../lib/nearest";
import type { FleetSettings } from "./fleet-schema";
import type { ModelSettings } from "./model-schema";
import { problem, type Problem } from "./problem";
import type { VariantRule } from "./variant-rules";

/** How many pods an autoscaled variant may have, and what decides it. */
export interface Autoscaling {
  readonly min: number;
  readonly max: number;
  readonly downDelaySeconds: number;
  readonly metric: Metric;
}

/** A metric, and its value per pod that the autoscaler keeps. */
export type Metric =
  | { readonly by: "resource"; readonly name: string; readonly percent: number }
  | {
      readonly by: "external";
      readonly name: string;
      readonly selector: Readonly<Record<string, string>>;
      readonly target: number;
    }
  | { readonly by: "prometheus"; readonly url: string; readonly query: string; readonly target: number };

type Scaling = FleetSettings["scaling"];
type Settings = Pick<
  ModelSettings,
  | "replicas"
  | "minReplicas"
  | "maxReplicas"
  | "scaleMetric"
  | "scaleTarget"
  | "scaleDownDelaySeconds"
  | "resources"
>;

const RESOURCES = ["cpu", "memory"];
/** Per cent of the request. */
const DEFAULT_PERCENT = 80;
/** Kubernetes' own. */
const DEFAULT_DELAY_SECONDS = 300;

/** The pods of a Deployment, by the labels that Prometheus gives what it scrapes of a pod. */
const PODS = 'namespace="{namespace}",pod=~"{deployment}-[a-z0-9]+-[a-z0-9]{5}"';
const gauge = (...names: readonly string[]) => `sum({__name__=~"${names.join("|")}",${PODS}})`;
const rate = (...names: readonly string[]) => `sum(rate({__name__=~"${names.join("|")}",${PODS}}[1m]))`;

/**
 * Metrics that model servers report of themselves: vLLM, SGLang, llama.cpp, Triton. A pod has those of one server.
 *
 * @see https://docs.vllm.ai/en/latest/usage/metrics/ and the page of the same name of each other server
 */
const OF_PODS: Readonly<Record<string, string>> = {
  concurrency: gauge("vllm:num_requests_running", "sglang:num_running_reqs", "llamacpp:requests_processing"),
  queue: gauge(
    ...["vllm:num_requests_waiting", "sglang:num_queue_reqs", "llamacpp:requests_deferred"],
    "nv_inference_pending_request_count",
  ),
  rps: rate("vllm:request_success_total", "sglang:num_requests_total", "nv_inference_request_success"),
};

/** The autoscaling of a variant whose settings have no problem; undefined if its number of pods is fixed. */
export function autoscalingOf(
  settings: Settings,
  {
    id,
    variant,
    fleet,
  }: {
    readonly id: string;
    readonly variant: string;
    readonly fleet: Pick<FleetSettings, "scaling" | "namespace">;
  },
): Autoscaling | undefined {
  const { minReplicas: min = 1, maxReplicas: max, scaleDownDelaySeconds = DEFAULT_DELAY_SECONDS } = settings;
  const metric = metricOf(settings, fleet.scaling);
  if (max === undefined || metric === undefined) return undefined;
  const known = { id, namespace: fleet.namespace, deployment: modelNames(id, variant).deployment };
  const filled =
    metric.by === "prometheus"
      ? {
          ...metric,
          query: metric.query.replaceAll(
            /\{(id|namespace|deployment)\}/g,
            (_all, key: keyof typeof known) => known[key],
          ),
        }
      : metric;
  return { min, max, downDelaySeconds: scaleDownDelaySeconds, metric: filled };
}

function metricOf(
  { scaleMetric: name = "cpu", scaleTarget: target }: Settings,
  scaling: Scaling,
): Metric | undefined {
  if (RESOURCES.includes(name)) return { by: "resource", name, percent: target ?? DEFAULT_PERCENT };
  const own = scaling.metrics[name] ?? OF_PODS[name];
  if (own === undefined || target === undefined) return undefined;
  if (typeof own !== "string")
    return { by: "external", name: own.external, selector: own.selector ?? {}, target };
  return scaling.prometheusUrl === undefined
    ? undefined
    : { by: "prometheus", url: scaling.prometheusUrl, query: own, target };
}

/** What of the settings of scaling cannot work. */
export const possibleScaling: VariantRule = ({ at, settings, fleet: { scaling } }) => {
  const { replicas, minReplicas: min, maxReplicas: max } = settings;
  if (max === undefined) return withoutEffect(at, settings);
  const beside = "is set beside maxReplicas, with which an autoscaler decides that";
  return [
    ...(replicas === undefined
      ? []
      : [
          problem(
            `${at}.replicas`,
            replicas,
            beside,
            "remove it (with null, if defaults set it), or remove maxReplicas",
          ),
        ]),
    ...(min !== undefined && min > max
      ? [
          problem(
            `${at}.minReplicas`,
            min,
            `is more than maxReplicas, which is ${max}`,
            "lower it, or raise maxReplicas",
          ),
        ]
      : []),
    ...problemsOfMetric(at, settings, scaling),
  ];
};

function withoutEffect(at: string, settings: Settings): Problem[] {
  const { minReplicas, scaleMetric, scaleTarget, scaleDownDelaySeconds } = settings;
  return Object.entries({ minReplicas, scaleMetric, scaleTarget, scaleDownDelaySeconds })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) =>
      problem(
        `${at}.${key}`,
        value,
        "has no effect without maxReplicas",
        "set maxReplicas, or remove it (with null, if defaults set it)",
      ),
    );
}

function problemsOfMetric(at: string, settings: Settings, scaling: Scaling): Problem[] {
  const { scaleMetric: name = "cpu", scaleTarget: target } = settings;
  const say = (key: string, value: unknown, rule: string, fix: string) =>
    problem(`${at}.${key}`, value, rule, fix);
  if (RESOURCES.includes(name)) return problemsOfResource(at, name, settings);
  const own = scaling.metrics[name];
  if (own === undefined && !(name in OF_PODS)) {
    const known = [...RESOURCES, ...Object.keys(OF_PODS), ...Object.keys(scaling.metrics)];
    const near = nearest(name, known);
    const fix =
      near === undefined
        ? `set scaling.metrics.${name}, or one of ${known.join(", ")}`
        : `did you mean "${near}"?`;
    return [say("scaleMetric", name, "is no metric", fix)];
  }
  const byPrometheus = typeof own !== "object";
  return [
    ...(target === undefined
      ? [say("scaleTarget", undefined, "is missing", `give the ${name} that one pod is to have`)]
      : []),
    ...(byPrometheus && scaling.prometheusUrl === undefined
      ? [say("scaleMetric", name, "comes from Prometheus, and scaling.prometheusUrl is not set", "set it")]
      : []),
    ...(own === undefined && settings.minReplicas === 0
      ? [
          say(
            "minReplicas",
            0,
            `would last for ever: the pods themselves report ${name}, and without pods nobody does`,
            `set 1, or scaling.metrics.${name} to a metric of what leads requests to the model`,
          ),
        ]
      : []),
  ];
}

function problemsOfResource(
  at: string,
  name: string,
  { minReplicas, scaleTarget: percent = DEFAULT_PERCENT, resources }: Settings,
): Problem[] {
  const request = resources.requests[name] ?? resources.limits[name];
  const say = (key: string, value: unknown, rule: string, fix: string) =>
    problem(`${at}.${key}`, value, rule, fix);
  const unlike = "is a share of the request, which the pods do not have";
  return [
    ...(request === undefined
      ? [say("scaleMetric", name, unlike, `set resources.requests.${name}, or another scaleMetric`)]
      : []),
    ...(minReplicas === 0
      ? [
          say(
            "minReplicas",
            0,
            `would last for ever: without pods there is no ${name} in use`,
            "set 1, or a scaleMetric of scaling.metrics",
          ),
        ]
      : []),
    ...(Number.isInteger(percent) && percent <= 1000
      ? []
      : [
          say(
            "scaleTarget",
            percent,
            `must be an integer: per cent of the ${name} that a pod requests, at most 1000`,
            "",
          ),
        ]),
  ];
}
