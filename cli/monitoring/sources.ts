/**
 * The metrics of requests that each ingress controller and gateway has, and which model they are of. A series that a
 * cluster lacks adds nothing, so the rules need not know what routes the requests.
 */

/** How one of them counts requests to the models of a namespace. */
export interface Source {
  readonly name: string;
  /** Counters of responses with the labels `model` and `class`: `2xx`. */
  readonly requests: (namespace: string) => string;
  /** Buckets of times with the labels `model` and `le`. */
  readonly times: (namespace: string) => string;
  /** How many units of those times are a second. @default 1 */
  readonly perSecond?: number;
}

/** The rate of a counter over five minutes, which four scrapes a minute apart are enough for. */
const rate = (series: string) => `rate(${series}[5m])`;

/** A label from the part of another one that an expression catches. */
const label = (name: string, from: string, expression: string, value: string, vector: string) =>
  `label_replace(${vector}, "${name}", "${value}", "${from}", "${expression}")`;

const model = (from: string, expression: string, vector: string) =>
  label("model", from, expression, "$1", vector);
const classOf = (from: string, vector: string) => label("class", from, "(.).*", "${1}xx", vector);

/** @see https://doc.traefik.io/traefik/observability/metrics/overview/ */
function traefik(name: string, service: (namespace: string) => string): Source {
  const of = (metric: string, namespace: string) => {
    const [any, caught] = [".+", "(.+)"].map((part) => service(namespace).replace("MODEL", part));
    return model("service", caught ?? "", rate(`${metric}{service=~"${any}"}`));
  };
  return {
    name,
    requests: (namespace) => classOf("code", of("traefik_service_requests_total", namespace)),
    times: (namespace) => of("traefik_service_request_duration_seconds_bucket", namespace),
  };
}

/** A scrape that does not honour the labels of the controller renames those that the target has too. */
function nginx(metric: string, namespace: string): string {
  const renamed = rate(`${metric}{exported_namespace="${namespace}"}`);
  const honoured = rate(`${metric}{namespace="${namespace}",exported_namespace=""}`);
  return `(${model("exported_service", "(.+)", renamed)} or ${model("service", "(.+)", honoured)})`;
}

/** Envoy Gateway names a cluster by the route, which has the model's ID and leads to all of its variants. */
function envoy(metric: string, namespace: string): string {
  const cluster = (id: string) => `(?:http|grpc)route/${namespace}/${id}/rule/.+`;
  return model(
    "envoy_cluster_name",
    cluster("([^/]+)"),
    rate(`${metric}{envoy_cluster_name=~"${cluster("[^/]+")}"}`),
  );
}

export const SOURCES: readonly Source[] = [
  traefik("traefik-ingress", (namespace) => `${namespace}-MODEL-http@kubernetes`),
  traefik("traefik-gateway", (namespace) => `.+-svc-${namespace}-MODEL-[0-9]+@kubernetesgateway`),
  {
    name: "nginx",
    requests: (namespace) => classOf("status", nginx("nginx_ingress_controller_requests", namespace)),
    times: (namespace) => nginx("nginx_ingress_controller_request_duration_seconds_bucket", namespace),
  },
  {
    name: "envoy",
    requests: (namespace) =>
      classOf("envoy_response_code_class", envoy("envoy_cluster_upstream_rq_xx", namespace)),
    times: (namespace) => envoy("envoy_cluster_upstream_rq_time_bucket", namespace),
    perSecond: 1000,
  },
];
