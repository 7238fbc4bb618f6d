import { mapOf } from "../../config/merge";
import { hasPrometheus } from "./base";
import type { Draft } from "./draft";
import { valueAt } from "./fields";

/** How many pods a model has elsewhere, and by what they are counted. */
export interface Scaling {
  /** @default 1 */
  readonly min: number;
  /** @default no limit: Infinity */
  readonly max: number;
  readonly metric: string;
  /** @default that of the setting */
  readonly target?: unknown;
  readonly delay?: unknown;
  /** The fields, for messages: where `min` and `max` are, and where the rest is. */
  readonly fields: {
    readonly min: string;
    readonly max: string;
    readonly metric: string;
    readonly target: string;
    readonly delay: string;
  };
}

/** Metrics that the cluster has by itself; all others are asked of Prometheus. */
const OF_THE_CLUSTER = ["cpu", "memory"];
/** What Knative keeps per pod if nothing says otherwise. */
const TARGETS: Readonly<Record<string, number>> = { concurrency: 100, rps: 200 };

/** Carries over a range of pods, or a number of them where a range cannot work with these settings. */
export function carryScaling(draft: Draft, scaling: Scaling): void {
  const { min, max, metric, fields } = scaling;
  if (min === max) {
    for (const field of [fields.metric, fields.target])
      if (valueAt(draft.source.document, field) !== undefined)
        draft.note(field, "is left out, since the number of pods is fixed");
    setReplicas(draft, min, fields.min);
  } else if (canScaleBy(metric, draft)) setRange(draft, scaling);
  else {
    draft.note(
      fields.min,
      `scaling by ${metric} needs Prometheus, so replicas is ${Math.max(1, min)}; with --settings, a file that sets scaling.prometheusUrl, it is carried over`,
    );
    setReplicas(draft, Math.max(1, min), fields.min);
  }
}

function canScaleBy(metric: string, { base, report }: Draft): boolean {
  return OF_THE_CLUSTER.includes(metric) || hasPrometheus(base) || report.fleet["scaling"] !== undefined;
}

function setRange(draft: Draft, { min, max, metric, target, delay, fields }: Scaling): void {
  const own = {
    ...mapOf(valueAt(draft.base, "scaling.metrics")),
    ...mapOf(draft.report.fleet["scaling"]?.["metrics"]),
  };
  // A pod that is not there reports nothing.
  const least = own[metric] === undefined ? Math.max(1, min) : min;
  if (least !== min)
    draft.note(
      fields.min,
      `is 0, and by ${metric} no pod would ever start again, so minReplicas is 1; for zero, set scaleMetric to a metric in scaling.metrics that is there without pods`,
    );
  const most = Number.isFinite(max) ? max : least;
  if (most !== max)
    draft.note(
      fields.max,
      `is not set, and a model has a limit, so there are at most ${most}; raise maxReplicas`,
    );
  if (least === most) {
    setReplicas(draft, most, fields.min);
    return;
  }
  // An autoscaler has no place beside a number.
  if (valueAt(draft.base, "defaults.replicas") !== undefined) draft.set("replicas", null, fields.min);
  draft.set("minReplicas", least, fields.min);
  draft.set("maxReplicas", most, fields.max);
  draft.set("scaleMetric", metric, fields.metric);
  const value = target ?? TARGETS[metric];
  if (value !== undefined) draft.set("scaleTarget", value, fields.target);
  if (delay !== undefined) draft.set("scaleDownDelaySeconds", delay, fields.delay);
}

/** One pod is what a model has if nothing says otherwise. */
export function setReplicas(draft: Draft, replicas: number, field: string): void {
  if (replicas !== 1 || valueAt(draft.base, "defaults.replicas") !== undefined)
    draft.set("replicas", replicas, field);
}

/** A number of pods in a document; anything else is a problem. */
export function countOf(value: unknown, otherwise: number, draft: Draft, field: string): number {
  if (value === undefined || value === null) return otherwise;
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  draft.problem(field, value, "must be an integer, 0 or more", "");
  return otherwise;
}
