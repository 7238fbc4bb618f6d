/** Series as Prometheus would have them, and which alerts are to fire about which models, and no others. */
export interface Scenario {
  readonly name: string;
  /** Values per minute, as promtool writes them: `0+6x20` grows by 6. */
  readonly series: Readonly<Record<string, string>>;
  /** When to look. */
  readonly at: string;
  /** `<alert> <model>`. */
  readonly firing: readonly string[];
}

const NS = 'namespace="models"';

/** A Deployment as kube-state-metrics has it. */
function deployment(name: string, wanted: number, ready: number): Record<string, string> {
  const labels = `{${NS},deployment="${name}",job="ksm",instance="10.0.0.1:8080"}`;
  return {
    [`kube_deployment_spec_replicas${labels}`]: `${wanted}x30`,
    [`kube_deployment_status_replicas_available${labels}`]: `${ready}x30`,
  };
}

/** A pod of a Deployment. */
function pod(deploymentName: string): Record<string, string> {
  const [set, name] = [`${deploymentName}-5d4f`, podOf(deploymentName)];
  return {
    [`kube_pod_owner{${NS},pod="${name}",owner_kind="ReplicaSet",owner_name="${set}"}`]: "1x30",
    [`kube_replicaset_owner{${NS},replicaset="${set}",owner_kind="Deployment",owner_name="${deploymentName}"}`]:
      "1x30",
  };
}

const podOf = (deploymentName: string) => `${deploymentName}-5d4f-x1y2z`;

/** The labels of the container of a model's server. */
const container = (deploymentName: string, more = "") =>
  `{${NS},pod="${podOf(deploymentName)}",container="model"${more}}`;

const WINE = { ...deployment("wine", 1, 1), ...pod("wine") };
const IRIS = { ...deployment("iris", 1, 1), ...pod("iris") };

/** Requests of one model, as each controller counts them: which of them answered 5xx. */
const COUNTERS: Readonly<Record<string, (model: string, isFailed: boolean) => string>> = {
  "Traefik's Ingress": (model, isFailed) =>
    `traefik_service_requests_total{service="models-${model}-http@kubernetes",code="${isFailed ? 502 : 200}",method="POST"}`,
  "Traefik's Gateway": (model, isFailed) =>
    `traefik_service_requests_total{service="httproute-models-${model}-gw-models-modelfleet-ep-web-0-1a2b-svc-models-${model}-0@kubernetesgateway",code="${isFailed ? 502 : 200}"}`,
  "ingress-nginx": (model, isFailed) =>
    `nginx_ingress_controller_requests{${NS},service="${model}",ingress="modelfleet",status="${isFailed ? 502 : 200}"}`,
  "ingress-nginx with renamed labels": (model, isFailed) =>
    `nginx_ingress_controller_requests{namespace="ingress-nginx",service="controller",exported_namespace="models",exported_service="${model}",status="${isFailed ? "5xx" : "2xx"}"}`,
  "Envoy Gateway": (model, isFailed) =>
    `envoy_cluster_upstream_rq_xx{envoy_cluster_name="httproute/models/${model}/rule/0",envoy_response_code_class="${isFailed ? 5 : 2}"}`,
};

/** Buckets of answers, as each controller has them, with the bound of a fast and a slow one. */
const BUCKETS: Readonly<Record<string, (model: string) => { series: string; fast: string; slow: string }>> = {
  "Traefik's Ingress": (model) => ({
    series: `traefik_service_request_duration_seconds_bucket{service="models-${model}-http@kubernetes",code="200"`,
    ...{ fast: "0.1", slow: "5.0" },
  }),
  "ingress-nginx": (model) => ({
    series: `nginx_ingress_controller_request_duration_seconds_bucket{${NS},service="${model}",status="200"`,
    ...{ fast: "0.1", slow: "10" },
  }),
  "Envoy Gateway": (model) => ({
    series: `envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="httproute/models/${model}/rule/0"`,
    ...{ fast: "100", slow: "10000" },
  }),
};

/** The answers of a model: all within the fast bound, or a tenth of them later than the slow one. */
function answers({ series, fast, slow }: { series: string; fast: string; slow: string }, isSlow: boolean) {
  const inTime = isSlow ? "0+54x30" : "0+60x30";
  return {
    [`${series},le="${fast}"}`]: inTime,
    [`${series},le="${slow}"}`]: inTime,
    [`${series},le="+Inf"}`]: "0+60x30",
  };
}

const OF_REQUESTS: Scenario[] = Object.entries(COUNTERS).map(([name, counter]) => ({
  name: `a tenth of the requests fail behind ${name}, and of other models few, or few requests at all`,
  series: {
    ...WINE,
    [counter("iris", true)]: "0+6x30",
    [counter("iris", false)]: "0+54x30",
    [counter("wine", true)]: "0+1x30",
    [counter("wine", false)]: "0+59x30",
    [counter("rare", true)]: "0x10 1x20",
    [counter("iris", true).replaceAll("models", "other")]: "0+60x30",
  },
  at: "12m",
  firing: ["ModelfleetErrors iris"],
}));

const OF_TIMES: Scenario[] = Object.entries(BUCKETS).map(([name, bucket]) => ({
  name: `a tenth of the answers are slower than 5 seconds behind ${name}`,
  series: { ...WINE, ...answers(bucket("iris"), true), ...answers(bucket("wine"), false) },
  at: "17m",
  firing: ["ModelfleetSlow iris"],
}));

const DOWN = { ...deployment("iris", 2, 0), ...deployment("wine", 1, 1), ...deployment("paused", 0, 0) };

const condition = (name: string) =>
  `kube_deployment_status_condition{${NS},deployment="${name}",condition="Progressing",status="false"}`;

const scaler = (name: string) => `{${NS},horizontalpodautoscaler="${name}"}`;

const OF_PODS: Scenario[] = [
  { name: "a model without a ready pod", series: DOWN, at: "6m", firing: ["ModelfleetModelDown iris"] },
  { name: "a model whose only pod has just gone", series: DOWN, at: "4m", firing: [] },
  {
    name: "a model with fewer pods than it should have",
    series: { ...deployment("iris-b", 3, 1), ...deployment("wine", 2, 2) },
    at: "16m",
    firing: ["ModelfleetPodsMissing iris-b"],
  },
  {
    name: "a release that does not start",
    series: { ...WINE, [condition("iris")]: "1x30", [condition("wine")]: "0x30" },
    at: "2m",
    firing: ["ModelfleetRolloutFailed iris"],
  },
  {
    name: "a server that ends every three minutes, and one that ended once",
    series: {
      ...IRIS,
      ...WINE,
      [`kube_pod_container_status_restarts_total${container("iris")}`]: "0 0 0+1x1 2x2 3x2 4x2 5x2 6x2 7x20",
      [`kube_pod_container_status_restarts_total${container("wine")}`]: "0x8 1x30",
    },
    at: "16m",
    firing: ["ModelfleetRestarts iris"],
  },
  {
    name: "an autoscaled model with as many pods as it may have",
    series: {
      ...WINE,
      [`kube_horizontalpodautoscaler_spec_max_replicas${scaler("keda-hpa-iris")}`]: "4x30",
      [`kube_horizontalpodautoscaler_status_desired_replicas${scaler("keda-hpa-iris")}`]: "4x30",
      [`kube_horizontalpodautoscaler_spec_max_replicas${scaler("wine")}`]: "4x30",
      [`kube_horizontalpodautoscaler_status_desired_replicas${scaler("wine")}`]: "3x30",
    },
    at: "16m",
    firing: ["ModelfleetAtMaximum iris"],
  },
];

const limit = (name: string) =>
  `kube_pod_container_resource_limits${container(name, ',resource="memory",unit="byte"')}`;
const CGROUP = ',id="/kubepods/a",image="x",name="y",node="n"';

const OF_RESOURCES: Scenario[] = [
  {
    name: "a model that uses nearly all of its memory, and one that uses half of it",
    series: {
      ...IRIS,
      ...WINE,
      [limit("iris")]: "1000x30",
      [limit("wine")]: "1000x30",
      [`container_memory_working_set_bytes${container("iris", CGROUP)}`]: "950x30",
      [`container_memory_working_set_bytes${container("wine", CGROUP)}`]: "500x30",
    },
    at: "16m",
    firing: ["ModelfleetMemory iris"],
  },
  {
    name: "a model that is throttled most of the time, and one that is seldom",
    series: {
      ...IRIS,
      ...WINE,
      ...Object.fromEntries(
        [["iris", 540] as const, ["wine", 60] as const].flatMap(([name, throttled]) => [
          [`container_cpu_cfs_periods_total${container(name, CGROUP)}`, "0+600x30"],
          [`container_cpu_cfs_throttled_periods_total${container(name, CGROUP)}`, `0+${throttled}x30`],
        ]),
      ),
    },
    at: "22m",
    firing: ["ModelfleetThrottled iris"],
  },
];

export const SCENARIOS: readonly Scenario[] = [
  ...OF_PODS,
  ...OF_REQUESTS,
  ...OF_TIMES,
  ...OF_RESOURCES,
  { name: "nothing is measured", series: { up: "1x30" }, at: "16m", firing: ["ModelfleetNotMeasured"] },
  { name: "nothing is wrong", series: { ...IRIS, ...WINE }, at: "25m", firing: [] },
];
