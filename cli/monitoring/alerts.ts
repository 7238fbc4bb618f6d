import { RECORDED, type Watched } from "./rules";

/** A rule that reports. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold first. */
  readonly for: string;
  readonly labels: {
    readonly severity: "critical" | "warning";
    /** Name of the stack. */
    readonly fleet: string;
    readonly namespace: string;
  };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    /** What to do. */
    readonly action: string;
  };
}

interface Written extends Pick<Alert, "alert" | "expr" | "for"> {
  readonly severity: Alert["labels"]["severity"];
  readonly summary: string;
  readonly description: string;
  readonly action: string;
}

const MODEL = "{{ $labels.model }}";
const PERCENT = "{{ $value | humanizePercentage }}";

/** Everything that is reported about a fleet, the most urgent first. */
export function alertsOf(watched: Watched): Alert[] {
  const { stack, namespace } = watched;
  return [
    ...ofPods(watched),
    ...ofRestarts(watched),
    ...ofRequests(watched),
    ...ofResources(watched),
    ...ofScaling(watched),
  ].map(({ alert, expr, for: held, severity, summary, description, action }) => ({
    ...{ alert, expr, for: held, labels: { severity, fleet: stack, namespace } },
    annotations: { summary, description, action },
  }));
}

/** A vector of kube-state-metrics with the label `model` for the name of its object. */
const named = (vector: string, from: string, expression = "(.+)") =>
  `label_replace(${vector}, "model", "$1", "${from}", "${expression}")`;

function ofPods({ namespace, stack }: Watched): Written[] {
  const here = `{namespace="${namespace}"}`;
  const wanted = `max by (deployment) (kube_deployment_spec_replicas${here})`;
  const available = `max by (deployment) (kube_deployment_status_replicas_available${here})`;
  const status = `npx modelfleet status ${MODEL} --stack ${stack}`;
  const failed = `max by (deployment) (kube_deployment_status_condition{namespace="${namespace}",condition="Progressing",status="false"})`;
  return [
    {
      alert: "ModelfleetModelDown",
      expr: named(`(${available} == 0) and on (deployment) (${wanted} > 0)`, "deployment"),
      ...{ for: "5m", severity: "critical" },
      summary: `${MODEL}: no pod is ready`,
      description: `The model ${MODEL} of the fleet ${stack} has had no ready pod for 5 minutes: its requests fail.`,
      action: `\`${status}\` says why its pods are not ready, and what to do.`,
    },
    {
      alert: "ModelfleetRolloutFailed",
      expr: named(`${failed} == 1`, "deployment"),
      ...{ for: "1m", severity: "warning" },
      summary: `${MODEL}: its last release does not start`,
      description: `New pods of the model ${MODEL} did not become ready within its startupSeconds. Pods of the release before serve as long as they live.`,
      action: `\`${status}\` says why; set the image or the settings of before and run \`pulumi up\`, or raise startupSeconds if it only needs longer.`,
    },
    {
      alert: "ModelfleetPodsMissing",
      expr: named(`(${available} > 0) < on (deployment) ${wanted}`, "deployment"),
      ...{ for: "15m", severity: "warning" },
      summary: `${MODEL}: fewer pods are ready than there should be`,
      description: `The model ${MODEL} has had only {{ $value }} ready pods for 15 minutes, fewer than its settings ask for.`,
      action: `\`${status}\` shows the pods that are not ready. If they are Pending, the nodes have no room for them: add nodes, or lower resources.requests.`,
    },
  ];
}

function ofRestarts({ namespace, stack }: Watched): Written[] {
  const here = `{namespace="${namespace}"}`;
  return [
    {
      alert: "ModelfleetRestarts",
      expr: `${RECORDED.restarts}${here} > 2`,
      ...{ for: "0m", severity: "warning" },
      summary: `${MODEL}: its server ends again and again`,
      description: `The containers of the model ${MODEL} were restarted {{ $value | humanize }} times within 15 minutes.`,
      action: `\`npx modelfleet logs ${MODEL} --previous --stack ${stack}\` shows how it ended. OOMKilled: raise resources.limits.memory. No answer to the liveness probe: a request may block the server.`,
    },
  ];
}

function ofRequests({ namespace, errorPercent, latencySeconds, stack }: Watched): Written[] {
  const here = `{namespace="${namespace}"}`;
  const all = `sum by (model) (${RECORDED.requests}${here})`;
  const failed = `sum by (model) (${RECORDED.requests}{namespace="${namespace}",class="5xx"})`;
  return [
    {
      alert: "ModelfleetErrors",
      // A single failure among few requests is no reason to wake anybody.
      expr: `${failed} / ${all} > ${errorPercent / 100} and ${all} > 0.05`,
      ...{ for: "5m", severity: "critical" },
      summary: `${MODEL}: requests fail`,
      description: `${PERCENT} of the requests to the model ${MODEL} were answered with a status of 5xx, more than ${errorPercent} %.`,
      action: `\`npx modelfleet logs ${MODEL} --stack ${stack}\` shows what its server says. 503: no pod is ready; 504: it takes longer than the limit of the route; 502: it ended while it answered.`,
    },
    {
      alert: "ModelfleetSlow",
      // Not above: what is slower than the last bucket counts as its bound, which is 5 seconds with Traefik.
      expr: `max by (model) (${RECORDED.seconds}{namespace="${namespace}",quantile="0.95"}) >= ${latencySeconds}`,
      ...{ for: "10m", severity: "warning" },
      summary: `${MODEL}: answers take long`,
      description: `5 % of the answers of the model ${MODEL} take longer than {{ $value | humanizeDuration }}, and ${latencySeconds} s are expected.`,
      action: `Compare with its processor time and its number of requests on the dashboard: with many requests, set more replicas; if it is throttled, raise resources.limits.cpu.`,
    },
  ];
}

function ofResources({ namespace }: Watched): Written[] {
  const here = `{namespace="${namespace}"}`;
  return [
    {
      alert: "ModelfleetMemory",
      expr: `${RECORDED.memory}${here} > 0.9`,
      ...{ for: "15m", severity: "warning" },
      summary: `${MODEL}: its memory is nearly full`,
      description: `A pod of the model ${MODEL} uses ${PERCENT} of its memory limit. At the limit the kernel kills its server.`,
      action: `Raise resources.limits.memory, and resources.requests.memory with it, or let the server keep fewer requests at once.`,
    },
    {
      alert: "ModelfleetThrottled",
      expr: `${RECORDED.throttled}${here} > 0.5`,
      ...{ for: "15m", severity: "warning" },
      summary: `${MODEL}: it is kept from the processor`,
      description: `A pod of the model ${MODEL} had to wait in ${PERCENT} of all periods, since it had used up its limit of processor time.`,
      action: `Raise resources.limits.cpu or remove it: requests.cpu alone shares the processor fairly. Else set more replicas.`,
    },
  ];
}

function ofScaling({ namespace }: Watched): Written[] {
  const here = `{namespace="${namespace}"}`;
  const byScaler = (metric: string) => `max by (horizontalpodautoscaler) (${metric}${here})`;
  const most = byScaler("kube_horizontalpodautoscaler_spec_max_replicas");
  const desired = byScaler("kube_horizontalpodautoscaler_status_desired_replicas");
  return [
    {
      alert: "ModelfleetAtMaximum",
      expr: named(
        `${desired} >= on (horizontalpodautoscaler) ${most}`,
        "horizontalpodautoscaler",
        "(?:keda-hpa-)?(.+)",
      ),
      ...{ for: "15m", severity: "warning" },
      summary: `${MODEL}: it cannot grow any more`,
      description: `The model ${MODEL} has had its highest number of pods, {{ $value }}, for 15 minutes.`,
      action: `If it is slow or throttled, raise maxReplicas; if not, its scaleTarget is too low.`,
    },
    {
      alert: "ModelfleetNotMeasured",
      expr: `absent(kube_deployment_spec_replicas${here})`,
      ...{ for: "15m", severity: "warning" },
      summary: `${namespace}: no metrics`,
      description: `Prometheus has no metrics of kube-state-metrics for the namespace ${namespace}, so that nothing else is reported.`,
      action: `Look for kube-state-metrics among the targets of Prometheus; generate the rules anew if the fleet has moved to another namespace.`,
    },
  ];
}
