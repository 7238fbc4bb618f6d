import { isMap } from "../../config/merge";
import type { Draft } from "./draft";
import { carryFields, elsewhere, type Field, lost, POD_RANGE } from "./fields";
import { metadataFields } from "./metadata";
import { carryScaling, countOf, setReplicas } from "./scaling";
import { MLSERVER_CLASSES } from "./servers";

/** Seldon Core 2's Model. @see https://github.com/SeldonIO/seldon-core/blob/v2/operator/apis/mlops/v1alpha1/model_types.go */

/** Where models are in a pod. */
const MODELS = "/mnt/models";

type Spec = Readonly<Record<string, unknown>>;

/** What Seldon's own two servers can. */
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  mlserver: ["mlserver", "python", "spark-mlib", ...Object.keys(MLSERVER_CLASSES)],
  triton: ["triton", "dali", "fil", "onnx", "openvino", "python", "pytorch", "tensorflow", "tensorrt"],
};

const carryRequirements: Field["carry"] = (value, draft, path) => {
  const names = draft.list(value, path).map(String);
  const runtime = Object.keys(CAPABILITIES).find((server) =>
    names.every((name) => CAPABILITIES[server]?.includes(name)),
  );
  if (runtime === undefined)
    return names.forEach((name, index) => {
      if (!Object.values(CAPABILITIES).some((known) => known.includes(name)))
        draft.note(`${path}[${index}]`, lost("set runtime to a server that has it"));
    });
  draft.set("runtime", runtime, path);
  const known = names.map((name) => MLSERVER_CLASSES[name]).find((one) => one !== undefined);
  if (runtime === "mlserver" && known !== undefined)
    draft.set("env.MLSERVER_MODEL_IMPLEMENTATION", known, path);
};

/** The name of a Server of the user's, or of Seldon's own, whose versions go on after a dash. */
const carryServer: Field["carry"] = (value, draft, path) => {
  const name = String(value);
  const runtimes = draft.base["runtimes"];
  const own = isMap(runtimes) && runtimes[name] !== undefined ? name : undefined;
  const runtime =
    own ?? Object.keys(CAPABILITIES).find((server) => name === server || name.startsWith(`${server}-`));
  if (runtime !== undefined) draft.set("runtime", runtime, path);
  else draft.note(path, lost("write its container as a runtime under runtimes, and set runtime"));
};

export const MODEL_FIELDS: readonly Field[] = [
  ...metadataFields({}, /(^|\.)seldon\.io\//),
  {
    field: "spec.storageUri",
    setting: "storageUri",
    text: "with artifactVersion as its last folder",
    carry: elsewhere,
  },
  { field: "spec.artifactVersion", setting: "storageUri", carry: elsewhere },
  {
    field: "spec.requirements",
    setting: "runtime",
    text: "`mlserver` or `triton`, whichever has all of them",
    carry: carryRequirements,
  },
  {
    field: "spec.server",
    setting: "runtime",
    text: "a runtime of that name in --settings, or the one that the name begins with",
    carry: carryServer,
  },
  {
    field: "spec.replicas",
    setting: "replicas",
    text: "without minReplicas and maxReplicas",
    carry: elsewhere,
  },
  ...POD_RANGE,
  { field: "spec.memory", text: "a model has a server of its own; set resources.requests.memory for both" },
  {
    field: "spec.secretName",
    text: "Seldon's Secret holds a configuration of rclone; make one with variables such as AWS_ACCESS_KEY_ID, and set envFrom",
  },
  { field: "spec.modelType", text: "runtime says what serves the model" },
  { field: "spec.schemaUri", text: "put the schema beside the model" },
  {
    field: "spec.preloaded",
    text: "a model that is in its image needs no storageUri",
    carry: unless(false, "a model that is in its image needs no storageUri"),
  },
  {
    field: "spec.dedicated",
    text: "every model has a server of its own",
    carry: unless(true, "every model has a server of its own"),
  },
  { field: "spec.logger", text: "log the requests in the server, or at the ingress controller" },
  {
    field: "spec.explainer",
    text: "give an explainer an image that asks the model at http://<id>.<namespace>",
  },
  { field: "spec.llm", text: "vLLM serves language models: set runtime to vllm" },
  { field: "spec.parameters", text: "write them into model-settings.json" },
  { field: "spec.dataflow", text: "there is no Kafka between models" },
];

function unless(same: boolean, text: string): NonNullable<Field["carry"]> {
  return (value, draft, path) => void (value !== same && draft.note(path, lost(text)));
}

/** Carries over a whole document. */
export function carrySeldonModel(draft: Draft): void {
  const { document } = draft.source;
  const spec = draft.map(document["spec"], "spec");
  carryFields(MODEL_FIELDS, document, draft, "");
  if (spec === undefined) {
    if (document["spec"] === undefined) draft.problem("spec", undefined, "is missing", "give a map");
    return;
  }
  if (draft.settings["runtime"] === undefined) {
    const servers = Object.keys(CAPABILITIES).join(" or ");
    const fix = `name requirements of ${servers}, or a server under runtimes in the file of --settings`;
    const own = spec["requirements"];
    draft.problem(
      "spec.requirements",
      own,
      own === undefined ? "is missing" : "matches no built-in server",
      fix,
    );
  }
  carryFolder(spec, draft);
  carryReplicas(spec, draft);
}

/** A version of an artefact is a folder in it. */
function carryFolder({ storageUri, artifactVersion }: Spec, draft: Draft): void {
  if (typeof storageUri !== "string") {
    draft.problem(
      "spec.storageUri",
      storageUri,
      storageUri === undefined ? "is missing" : "must be a string",
      "",
    );
    return;
  }
  const uri =
    artifactVersion === undefined
      ? storageUri
      : `${storageUri.replace(/\/$/, "")}/${String(artifactVersion)}`;
  draft.set("storageUri", uri, "spec.storageUri");
  // The artefact is one model, and Triton loads a folder of models.
  if (draft.settings["runtime"] !== "triton") return;
  draft.set("modelPath", `${MODELS}/${draft.name}`, "spec.storageUri");
  draft.set("env.MODEL_PATH", MODELS, "spec.storageUri");
}

function carryReplicas(spec: Spec, draft: Draft): void {
  const count = (field: string, otherwise: number) => countOf(spec[field], otherwise, draft, `spec.${field}`);
  const least = count("minReplicas", 0);
  const replicas = count("replicas", Math.max(1, least));
  if (spec["minReplicas"] === undefined && spec["maxReplicas"] === undefined) {
    setReplicas(draft, replicas, "spec.replicas");
    return;
  }
  carryScaling(draft, {
    min: Math.max(1, least),
    // As in Seldon: without a limit, the number stays what it is.
    max: Math.max(count("maxReplicas", replicas), 1, least),
    metric: "cpu",
    fields: {
      min: "spec.minReplicas",
      max: "spec.maxReplicas",
      metric: "spec.minReplicas",
      target: "spec.minReplicas",
      delay: "spec.minReplicas",
    },
  });
}
