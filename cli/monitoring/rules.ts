import { SERVER } from "../../fleet/names";
import { type Alert, alertsOf } from "./alerts";
import { SOURCES } from "./sources";

/** What the rules are made for. */
export interface Watched {
  /** Name of the stack. */
  readonly stack: string;
  readonly namespace: string;
  /** Share of failed requests, per cent, above which a model is reported. */
  readonly errorPercent: number;
  /** Time of 95 % of the answers, in seconds, above which a model is reported. */
  readonly latencySeconds: number;
}

/** A rule that keeps the result of an expression under a name. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A file of rules. @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly (Alert | Recording)[] }[];
}

/** Names of what is recorded. `model` is the name of a Deployment: the ID, or `<id>-<variant>`. */
export const RECORDED = {
  requests: "modelfleet:requests:rate5m",
  seconds: "modelfleet:request_seconds:quantile5m",
  pods: "modelfleet:pods:of_model",
  cpu: "modelfleet:cpu_cores:rate5m",
  throttled: "modelfleet:cpu_throttled:ratio5m",
  memory: "modelfleet:memory:ratio",
  restarts: "modelfleet:restarts:increase15m",
} as const;

export const QUANTILES = ["0.5", "0.95", "0.99"] as const;

/** The rules of a fleet: what is recorded per model, and what is reported. */
export function rulesOf(watched: Watched): Rules {
  const name = `modelfleet.${watched.namespace}`;
  return {
    groups: [
      { name: `${name}.requests`, rules: requests(watched) },
      { name: `${name}.pods`, rules: pods(watched) },
      { name: `${name}.alerts`, rules: alertsOf(watched) },
    ],
  };
}

function requests({ namespace }: Watched): Recording[] {
  return SOURCES.flatMap((source) => {
    const labels = { namespace, source: source.name };
    const scale = source.perSecond === undefined ? "" : ` / ${source.perSecond}`;
    return [
      {
        record: RECORDED.requests,
        expr: `sum by (model, class) (${source.requests(namespace)})`,
        labels,
      },
      ...QUANTILES.map((quantile) => ({
        record: RECORDED.seconds,
        expr: `histogram_quantile(${quantile}, sum by (model, le) (${source.times(namespace)}))${scale}`,
        labels: { ...labels, quantile },
      })),
    ];
  });
}

function pods({ namespace }: Watched): Recording[] {
  const here = `namespace="${namespace}"`;
  const container = `${here},container="${SERVER}"`;
  const labels = { namespace };
  const ofPods = `* on (pod) group_left (model) ${RECORDED.pods}{${here}}`;
  const perPod = (vector: string) => `sum by (pod) (rate(${vector}{${container}}[5m]))`;
  const limit = `max by (pod) (kube_pod_container_resource_limits{${container},resource="memory"})`;
  const replicaSets = `label_replace(kube_replicaset_owner{${here},owner_kind="Deployment"}, "model", "$1", "owner_name", "(.+)")`;
  const owners = `label_replace(kube_pod_owner{${here},owner_kind="ReplicaSet"}, "replicaset", "$1", "owner_name", "(.+)")`;
  return [
    {
      record: RECORDED.pods,
      // Without what the two have of their scrapes, such as an instance.
      expr: `max by (pod, replicaset) (${owners}) * on (replicaset) group_left (model) max by (replicaset, model) (${replicaSets})`,
      labels,
    },
    {
      record: RECORDED.cpu,
      expr: `sum by (model) (${perPod("container_cpu_usage_seconds_total")} ${ofPods})`,
      labels,
    },
    {
      record: RECORDED.throttled,
      expr: `max by (model) (${perPod("container_cpu_cfs_throttled_periods_total")} / ${perPod("container_cpu_cfs_periods_total")} ${ofPods})`,
      labels,
    },
    {
      record: RECORDED.memory,
      expr: `max by (model) (max by (pod) (container_memory_working_set_bytes{${container}}) / ${limit} ${ofPods})`,
      labels,
    },
    {
      record: RECORDED.restarts,
      expr: `sum by (model) (max by (pod) (increase(kube_pod_container_status_restarts_total{${container}}[15m])) ${ofPods})`,
      labels,
    },
  ];
}
