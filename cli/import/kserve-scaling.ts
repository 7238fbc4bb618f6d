import { isMap } from "../../config/merge";
import type { Draft } from "./draft";
import { elsewhere, type Field, lost, valueAt } from "./fields";
import { metadataFields, type OwnKeys } from "./metadata";
import { carryScaling, countOf } from "./scaling";

/** How KServe scales a predictor, and the annotations that say more of it. */

const KNATIVE = "autoscaling.knative.dev/";
const OF_KSERVE = "serving.kserve.io/";

/** Where each of the numbers may stand besides the predictor, the first one wins. */
const BY_ANNOTATION = {
  min: [`${KNATIVE}min-scale`, `${KNATIVE}minScale`],
  max: [`${KNATIVE}max-scale`, `${KNATIVE}maxScale`],
  metric: [`${KNATIVE}metric`, `${OF_KSERVE}metrics`],
  target: [`${KNATIVE}target`, `${OF_KSERVE}targetUtilizationPercentage`],
} as const;

const setMetrics =
  (key: "port" | "path"): Exclude<OwnKeys[string], string> =>
  (value, draft, path) =>
    draft.set(`metrics.${key}`, key === "port" ? Number(value) : value, path);

const NO_KNATIVE = "every model has a Deployment";

export const OWN_KEYS: OwnKeys = {
  ...Object.fromEntries(Object.values(BY_ANNOTATION).flatMap((keys) => keys.map((key) => [key, elsewhere]))),
  [`${OF_KSERVE}autoscalerClass`]: (value, draft, path) => {
    if (!["hpa", "keda"].includes(value))
      draft.note(path, lost("remove maxReplicas if something else scales the model"));
  },
  [`${OF_KSERVE}deploymentMode`]: (value, draft, path) => {
    if (!["Standard", "RawDeployment"].includes(value)) draft.note(path, lost(NO_KNATIVE));
  },
  [`${OF_KSERVE}stop`]: (value, draft, path) => void (value === "true" && draft.set("replicas", 0, path)),
  [`${OF_KSERVE}enable-prometheus-scraping`]: (value, draft, path) =>
    void (value === "true" && draft.set("metrics.path", "/metrics", path)),
  "prometheus.kserve.io/port": setMetrics("port"),
  "prometheus.kserve.io/path": setMetrics("path"),
  "networking.kserve.io/visibility": "every model has a route; a path that nobody knows is no protection",
  "networking.knative.dev/visibility": "every model has a route; a path that nobody knows is no protection",
};

export const OWN_PREFIX =
  /^((internal\.)?serving|networking|prometheus)\.kserve\.io\/|^(autoscaling|networking|serving)\.knative\.dev\//;

export const METADATA_FIELDS: readonly Field[] = metadataFields(OWN_KEYS, OWN_PREFIX);

/** Carries over the number of a predictor's pods. Without a limit, it is the least number. */
export function carryAutoscaling(
  predictor: Readonly<Record<string, unknown>>,
  draft: Draft,
  at: string,
): void {
  const annotations = valueAt(draft.source.document, "metadata.annotations");
  const annotated = (what: keyof typeof BY_ANNOTATION) =>
    BY_ANNOTATION[what]
      .map((key) => (isMap(annotations) ? annotations[key] : undefined))
      .find((one) => one !== undefined);
  if (isMap(annotations) && annotations[`${OF_KSERVE}stop`] === "true") return;
  const fields = {
    min: `${at}.minReplicas`,
    max: `${at}.maxReplicas`,
    metric: `${at}.scaleMetric`,
    target: `${at}.scaleTarget`,
    delay: `${at}.autoScaling.behavior`,
  };
  const number = (what: "min" | "max", key: string, otherwise: number) =>
    countOf(predictor[key] ?? numberOf(annotated(what)), otherwise, draft, fields[what]);
  const min = number("min", "minReplicas", 1);
  // As in KServe: without a limit, or with one below, as many as there are at least.
  const max = Math.max(number("max", "maxReplicas", 0), min, 1);
  const { metric, target, delay } = metricOf(predictor, draft, at);
  carryScaling(draft, {
    min,
    max,
    metric: metric ?? String(annotated("metric") ?? "cpu"),
    target: target ?? numberOf(annotated("target")),
    delay,
    fields,
  });
}

interface Metric {
  readonly metric?: string;
  readonly target?: unknown;
  readonly delay?: unknown;
}

function metricOf(predictor: Readonly<Record<string, unknown>>, draft: Draft, at: string): Metric {
  const { scaleMetric, scaleTarget, scaleMetricType, autoScaling } = predictor;
  if (scaleMetricType === "AverageValue")
    draft.note(`${at}.scaleMetricType`, lost("scaleTarget is in per cent of the request for cpu and memory"));
  const own: Metric = {
    ...(scaleMetric !== undefined && { metric: String(scaleMetric) }),
    // An amount is no share of the request.
    target: scaleMetricType === "AverageValue" ? undefined : scaleTarget,
  };
  if (!isMap(autoScaling)) return own;
  const path = `${at}.autoScaling`;
  const [first, ...others] = draft.list(autoScaling["metrics"], `${path}.metrics`);
  if (others.length > 0) draft.note(`${path}.metrics[1]`, lost("a model is scaled by one metric"));
  const delay = valueAt(autoScaling, "behavior.scaleDown.stabilizationWindowSeconds");
  const known = ["scaleDown"];
  const behavior = Object.keys(draft.map(autoScaling["behavior"], `${path}.behavior`) ?? {});
  const rest = Object.keys(valueAt(autoScaling, "behavior.scaleDown") ?? {});
  if (
    behavior.some((key) => !known.includes(key)) ||
    rest.some((key) => key !== "stabilizationWindowSeconds")
  )
    draft.note(
      `${path}.behavior`,
      lost("only stabilizationWindowSeconds of scaleDown is carried over: scaleDownDelaySeconds"),
    );
  return {
    ...own,
    ...metricSource(first, draft, `${path}.metrics[0]`),
    ...(delay !== undefined && { delay }),
  };
}

function metricSource(source: unknown, draft: Draft, at: string): Metric {
  if (source === undefined) return {};
  const name = valueAt(source, "resource.name");
  if (typeof name === "string") {
    const percent = valueAt(source, "resource.target.averageUtilization");
    if (percent === undefined)
      draft.note(`${at}.resource.target`, lost("only averageUtilization is carried over: scaleTarget"));
    return { metric: name, target: percent };
  }
  const query = valueAt(source, "external.metric.query");
  if (typeof query !== "string" || valueAt(source, "external.metric.backend") !== "prometheus") {
    draft.note(at, lost("write a query of Prometheus in scaling.metrics, and its name in scaleMetric"));
    return {};
  }
  if (valueAt(source, "external.authenticationRef") !== undefined)
    draft.note(`${at}.external.authenticationRef`, lost("Prometheus is asked without credentials"));
  const scaling = (draft.report.fleet["scaling"] ??= {});
  const metrics = (scaling["metrics"] ??= {}) as Record<string, unknown>;
  metrics[draft.name] = query;
  setAddress(
    scaling,
    valueAt(source, "external.metric.serverAddress"),
    draft,
    `${at}.external.metric.serverAddress`,
  );
  const target = ["averageValue", "value"].map((key) => valueAt(source, `external.target.${key}`));
  return { metric: draft.name, target: numberOf(target.find((one) => one !== undefined)) };
}

/** A fleet asks one Prometheus. */
function setAddress(scaling: Record<string, unknown>, address: unknown, draft: Draft, path: string): void {
  const known = valueAt(draft.base, "scaling.prometheusUrl") ?? scaling["prometheusUrl"];
  if (known === undefined) scaling["prometheusUrl"] = address;
  else if (address !== known) draft.note(path, `is not carried over; the fleet asks ${String(known)}`);
}

function numberOf(value: unknown): unknown {
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}
