import { isMap } from "../../config/merge";
import { nearest } from "../../lib/nearest";
import { setVariable } from "./container";
import type { Draft } from "./draft";
import { carryFields, elsewhere, type Field, lost, POD_RANGE, valueAt } from "./fields";
import { metadataFields } from "./metadata";
import { carryScaling, countOf, setReplicas } from "./scaling";

/** KubeAI's Model. @see https://github.com/kubeai-project/kubeai/blob/main/api/k8s/v1/model_types.go */

/** The document of KubeAI's Helm values, which has no name of its own. */
export const VALUES = "Helm values of KubeAI";

const ENGINES: Readonly<Record<string, string>> = { VLLM: "vllm", OLlama: "ollama" };
const PROXY = "KubeAI's proxy does it; here a Service spreads the requests";

const carryUrl: Field["carry"] = (value, draft, path) => {
  const [url = "", query] = String(value).split("?");
  if (query !== undefined)
    draft.note(path, `the parameters after "?" are not carried over; write them as args of the server`);
  if (url.startsWith("oss://"))
    return draft.problem(
      path,
      url,
      "is a scheme that storageUri does not have",
      "use the S3 address of the bucket, s3://, and AWS_ENDPOINT_URL in env",
    );
  if (url.startsWith("ollama://"))
    return draft.problem(
      path,
      url,
      "is pulled by Ollama while it starts, and the runtime ollama loads a folder that is there",
      "pull it to a PersistentVolumeClaim, and write pvc://<claim>",
    );
  draft.set("storageUri", url, path);
  if (/^(hf|s3|gs):/.test(url))
    draft.note(
      path,
      "KubeAI's own Secrets for stores are not used; name a Secret in envFrom, or its key in env, such as env.HF_TOKEN: {secretKeyRef: {name, key}}",
    );
  return undefined;
};

const carryEngine: Field["carry"] = (value, draft, path) => {
  const engine = String(value);
  const own = engine.toLowerCase();
  const runtime = ENGINES[engine] ?? (isMap(valueAt(draft.base["runtimes"], own)) ? own : undefined);
  if (runtime !== undefined) draft.set("runtime", runtime, path);
  else
    draft.problem(
      path,
      engine,
      "is an engine without a built-in runtime",
      `write a runtime "${own}" under runtimes in the file of --settings`,
    );
};

const carryEnv: Field["carry"] = (value, draft, path) => {
  for (const [name, one] of Object.entries(draft.map(value, path) ?? {}))
    setVariable(draft, name, one, `${path}.${name}`);
};

const carryProfile: Field["carry"] = (value, draft, path) => {
  const text = String(value);
  draft.set("resourceProfile", text, path);
  const [name = ""] = text.split(":");
  const known = draft.base["resourceProfiles"];
  if (isMap(known) && known[name] !== undefined) return;
  const values = draft.report.named.get(VALUES)?.document;
  const profiles = valueAt(values, "resourceProfiles");
  const profile = isMap(profiles) ? profiles[name] : undefined;
  if (!isMap(profile)) {
    const near = nearest(name, Object.keys(isMap(profiles) ? profiles : {}));
    const fix =
      near === undefined
        ? "import KubeAI's Helm values too: `helm get values kubeai --all -o yaml > values.yaml`"
        : `did you mean "${near}"?`;
    return draft.problem(path, text, "names a profile that is in no document", fix);
  }
  const { imageName, ...rest } = profile;
  const images = valueAt(
    values,
    `modelServers.${String(valueAt(draft.source.document, "spec.engine"))}.images`,
  );
  const image = isMap(images) ? (images[String(imageName)] ?? images["default"]) : undefined;
  if (image !== undefined && draft.settings["image"] === undefined) draft.set("image", image, path);
  (draft.report.fleet["resourceProfiles"] ??= {})[name] ??= profileOf(
    rest,
    draft,
    `resourceProfiles.${name}`,
  );
};

/** Fields of a profile in KubeAI's Helm values. */
export const PROFILE_FIELDS: readonly Field[] = [
  { field: "imageName", setting: "image", text: "of the models that have the profile", carry: elsewhere },
  ...["requests", "limits", "nodeSelector", "affinity", "tolerations", "runtimeClassName"].map(
    (field): Field => ({ field, setting: field }),
  ),
  { field: "schedulerName", text: "set it per model with podSpec" },
];

function profileOf(
  profile: Readonly<Record<string, unknown>>,
  draft: Draft,
  at: string,
): Readonly<Record<string, unknown>> {
  const own = draft.branch();
  carryFields(PROFILE_FIELDS, profile, own, at);
  return own.settings;
}

export const MODEL_FIELDS: readonly Field[] = [
  ...metadataFields({}, /(^|\.)kubeai\.org\/|^model-pod-(ip|port)$/),
  { field: "spec.image", setting: "image" },
  {
    field: "spec.engine",
    setting: "runtime",
    text: "`vllm` and `ollama`; other ones need a runtime of that name in --settings",
    carry: carryEngine,
  },
  { field: "spec.url", setting: "storageUri", text: "without parameters; not oss://", carry: carryUrl },
  { field: "spec.args", setting: "args", text: "after the command of the runtime" },
  {
    field: "spec.env",
    setting: "env",
    text: "a secret in plain text is named, and left out",
    carry: carryEnv,
  },
  { field: "spec.envFrom", setting: "envFrom" },
  {
    field: "spec.resourceProfile",
    setting: "resourceProfile, resourceProfiles",
    text: "with the profile from KubeAI's Helm values, and their image",
    carry: carryProfile,
  },
  { field: "spec.cacheProfile", text: "make a PersistentVolumeClaim, and set cache to its name" },
  {
    field: "spec.replicas",
    setting: "replicas",
    text: "with autoscalingDisabled; otherwise KubeAI's own",
    carry: elsewhere,
  },
  ...POD_RANGE,
  { field: "spec.autoscalingDisabled", setting: "replicas", carry: elsewhere },
  {
    field: "spec.targetRequests",
    setting: "scaleTarget",
    text: "with `scaleMetric: concurrency`, which needs `scaling.prometheusUrl`",
    carry: elsewhere,
  },
  { field: "spec.scaleDownDelaySeconds", setting: "scaleDownDelaySeconds", carry: elsewhere },
  { field: "spec.priorityClassName", setting: "priorityClassName" },
  { field: "spec.files", text: "make a ConfigMap of them, and mount it with volumes" },
  { field: "spec.features", text: "a server answers what it can" },
  { field: "spec.owner", text: "KubeAI no longer uses it" },
  { field: "spec.adapters", text: "give vLLM its --enable-lora and --lora-modules in args" },
  { field: "spec.loadBalancing", text: PROXY, carry: carryBalancing },
];

/** The API server writes the default, which is no wish. */
function carryBalancing(value: unknown, draft: Draft, path: string): void {
  if (valueAt(value, "strategy") === "PrefixHash") draft.note(`${path}.strategy`, lost(PROXY));
}

/** Carries over a whole document. */
export function carryKubeaiModel(draft: Draft): void {
  const { document } = draft.source;
  const spec = draft.map(document["spec"], "spec");
  carryFields(MODEL_FIELDS, document, draft, "");
  if (spec === undefined) {
    if (document["spec"] === undefined) draft.problem("spec", undefined, "is missing", "give a map");
    return;
  }
  for (const field of ["engine", "url"])
    if (spec[field] === undefined)
      draft.problem(`spec.${field}`, undefined, "is missing", "KubeAI requires it");
  const count = (field: string, otherwise: number) => countOf(spec[field], otherwise, draft, `spec.${field}`);
  const min = count("minReplicas", 0);
  if (spec["autoscalingDisabled"] === true)
    return setReplicas(draft, count("replicas", min), "spec.replicas");
  carryScaling(draft, {
    ...{ min, max: count("maxReplicas", Infinity), metric: "concurrency" },
    target: spec["targetRequests"] ?? 100,
    delay: spec["scaleDownDelaySeconds"] ?? 30,
    fields: {
      min: "spec.minReplicas",
      max: "spec.maxReplicas",
      metric: "spec.targetRequests",
      target: "spec.targetRequests",
      delay: "spec.scaleDownDelaySeconds",
    },
  });
}
