import { isMap } from "../../config/merge";
import { hasRoutes } from "./base";
import { CONTAINER_FIELDS } from "./container";
import type { Draft } from "./draft";
import { carryFields, elsewhere, type Field, valueAt } from "./fields";
import { joinVariants } from "./kserve-canary";
import { MODEL_FIELDS, PREDICTOR_MODEL, setServer } from "./kserve-model";
import { carryAutoscaling, METADATA_FIELDS } from "./kserve-scaling";
import { addSidecars, carryVolumes, POD_FIELDS } from "./pod";

/** KServe's InferenceService. @see https://github.com/kserve/kserve/tree/master/pkg/apis/serving/v1beta1 */

const OWN_MODEL = "it becomes a model of its own, which asks this one at http://<id>.<namespace>";

/** Frameworks that have a field of their own, as before `model`; PyTorch's server is TorchServe. */
export const FRAMEWORKS: readonly string[] = [
  "sklearn",
  "xgboost",
  "tensorflow",
  "pytorch",
  "triton",
  "onnx",
  "huggingface",
  "pmml",
  "lightgbm",
  "paddle",
];

const carryTimeout: Field["carry"] = (value, draft, path) => {
  if (hasRoutes(draft.base)) draft.set("route.timeoutSeconds", value, path);
  else
    draft.note(
      path,
      "is not carried over, since an Ingress has no limit of a single model; with --settings, a file that sets routing.flavour to gateway, it is",
    );
};

const carryStrategy: Field["carry"] = (value, draft, path) => {
  const fields: Field[] = [
    { field: "type", setting: "deploymentStrategy.type" },
    ...["maxSurge", "maxUnavailable"].map((key) => ({
      field: `rollingUpdate.${key}`,
      setting: `deploymentStrategy.${key}`,
    })),
  ];
  carryFields(fields, value, draft, path);
};

/** Fields of a predictor besides those of its pod. */
export const PREDICTOR_FIELDS: readonly Field[] = [
  { field: "name", setting: "variants.<name>", text: "with `canary`", carry: elsewhere },
  {
    field: "minReplicas",
    setting: "minReplicas",
    text: "`replicas` if maxReplicas is the same or missing",
    carry: elsewhere,
  },
  { field: "maxReplicas", setting: "maxReplicas", carry: elsewhere },
  {
    field: "scaleMetric",
    setting: "scaleMetric",
    text: "other ones than cpu and memory with `scaling.prometheusUrl` only",
    carry: elsewhere,
  },
  { field: "scaleTarget", setting: "scaleTarget", carry: elsewhere },
  {
    field: "scaleMetricType",
    text: "scaleTarget is in per cent of the request for cpu and memory; an AverageValue is left out",
    carry: elsewhere,
  },
  {
    field: "autoScaling",
    setting: "scaleMetric, scaleTarget, scaling.metrics",
    text: "one metric; a query of Prometheus gets the model's ID as its name",
    carry: elsewhere,
  },
  { field: "containerConcurrency", text: "limit it in the server, and add pods by scaleMetric concurrency" },
  {
    field: "timeout",
    setting: "route.timeoutSeconds",
    text: "with `routing.flavour: gateway`",
    carry: carryTimeout,
  },
  {
    field: "canaryTrafficPercent",
    setting: "variants.canary.trafficPercent",
    text: "with the document of the former revision, which becomes the champion",
    carry: elsewhere,
  },
  { field: "labels", setting: "labels", carry: mapInto("labels") },
  { field: "annotations", setting: "annotations", carry: mapInto("annotations") },
  { field: "deploymentStrategy", setting: "deploymentStrategy", carry: carryStrategy },
  { field: "logger", text: "log the requests in the server, or at the ingress controller" },
  { field: "batcher", text: "batch in the server, as Triton, MLServer and vLLM do" },
  { field: "workerSpec", text: "one model on several nodes needs LeaderWorkerSet or llm-d" },
  { field: "storageUris", setting: "storageUri, modelPath", text: "one of them", carry: carryUris },
  { field: "storageContainerName", text: "storage.initializerImage is for all models" },
  { field: "model", setting: "runtime, storageUri and more", carry: elsewhere },
  ...FRAMEWORKS.map((field): Field => ({ field, carry: elsewhere })),
  {
    field: "containers",
    setting: "the settings of a container",
    text: "kserve-container or the first one; all others are `sidecars`",
    carry: elsewhere,
  },
];

/** Fields of the whole document. */
export const SERVICE_FIELDS: readonly Field[] = [
  ...METADATA_FIELDS,
  { field: "spec.predictor", carry: elsewhere },
  {
    field: "spec.canary",
    setting: "champion, variants",
    text: "each predictor with all of its settings",
    carry: elsewhere,
  },
  { field: "spec.transformer", text: OWN_MODEL },
  { field: "spec.explainer", text: OWN_MODEL },
];

function mapInto(setting: string): NonNullable<Field["carry"]> {
  return (value, draft, path) => {
    for (const [key, one] of Object.entries(draft.map(value, path) ?? {}))
      draft.set([setting, key], one, path);
  };
}

function carryUris(value: unknown, draft: Draft, path: string): void {
  draft.list(value, path).forEach((item, index) => {
    const at = `${path}[${index}]`;
    if (index > 0)
      return draft.note(at, "is not carried over; a model has one storageUri, and volumes for the rest");
    carryFields(
      [
        { field: "uri", setting: "storageUri" },
        { field: "mountPath", setting: "modelPath" },
      ],
      item,
      draft,
      at,
    );
    return undefined;
  });
}

/** Carries over a whole document. */
export function carryInferenceService(draft: Draft): void {
  const { document } = draft.source;
  carryFields(SERVICE_FIELDS, document, draft, "");
  const predictor = draft.map(valueAt(document, "spec.predictor"), "spec.predictor");
  if (predictor === undefined) {
    if (valueAt(document, "spec.predictor") === undefined)
      draft.problem("spec.predictor", undefined, "is missing", "give a map");
    return;
  }
  const canaries = draft.list(valueAt(document, "spec.canary"), "spec.canary");
  if (canaries.length === 0) return carryPredictor(predictor, draft, "spec.predictor");
  const own = draft.branch();
  carryPredictor(predictor, own, "spec.predictor");
  const champion = typeof predictor["name"] === "string" ? predictor["name"] : "default";
  const others = canaries.flatMap((canary, index) => {
    const at = `spec.canary[${index}]`;
    const branch = draft.branch();
    const percent = valueAt(canary, "trafficPercent");
    const ofCanary = draft.map(valueAt(canary, "predictor"), `${at}.predictor`);
    if (ofCanary === undefined) return [];
    carryPredictor(ofCanary, branch, `${at}.predictor`);
    const name = String(ofCanary["name"] ?? `canary-${index + 1}`);
    return [{ name, percent, field: `${at}.trafficPercent`, draft: branch }];
  });
  joinVariants(draft, { name: champion, draft: own }, others);
}

function carryPredictor(predictor: Readonly<Record<string, unknown>>, draft: Draft, at: string): void {
  carryFields([...PREDICTOR_FIELDS, ...POD_FIELDS], predictor, draft, at);
  carryAutoscaling(predictor, draft, at);
  const [framework] = FRAMEWORKS.filter((name) => isMap(predictor[name]));
  const key = isMap(predictor["model"]) ? "model" : framework;
  const containers = draft.list(predictor["containers"], `${at}.containers`);
  if (key === undefined && containers.length === 0) {
    draft.problem(at, undefined, "has no model and no container", "give it model or containers");
    return;
  }
  const named = containers.findIndex((one) => valueAt(one, "name") === "kserve-container");
  const index = named >= 0 ? named : key === undefined ? 0 : -1;
  const containerAt = key === undefined ? `${at}.containers[${index}]` : `${at}.${key}`;
  const container = draft.map(key === undefined ? containers[index] : predictor[key], containerAt) ?? {};
  if (key === undefined) carryFields(CONTAINER_FIELDS, container, draft, containerAt);
  else {
    carryFields(
      key === "model" ? PREDICTOR_MODEL : [...MODEL_FIELDS, ...CONTAINER_FIELDS],
      container,
      draft,
      containerAt,
    );
  }
  setServer(draft, { key, container, at: containerAt });
  const others = containers.filter((_, other) => other !== index);
  addSidecars(draft, others, `${at}.containers`);
  carryVolumes(
    draft,
    { volumes: predictor["volumes"], at },
    { volumeMounts: container["volumeMounts"], at: containerAt },
  );
}
