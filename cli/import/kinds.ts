import type { Draft } from "./draft";
import { carryInferenceService } from "./kserve";
import { carryKubeaiModel } from "./kubeai";
import { carrySeldonModel } from "./seldon";

/** The kinds of document that are read, and those that are refused with a sentence of their own. */

interface ModelKind {
  readonly apiVersion: string;
  readonly kind: string;
  carry(draft: Draft): void;
}

/** Kinds that are a model each. */
export const MODEL_KINDS: readonly ModelKind[] = [
  { apiVersion: "serving.kserve.io/v1beta1", kind: "InferenceService", carry: carryInferenceService },
  { apiVersion: "kubeai.org/v1", kind: "Model", carry: carryKubeaiModel },
  { apiVersion: "mlops.seldon.io/v1alpha1", kind: "Model", carry: carrySeldonModel },
];

/** Kinds that models name. */
export const NAMED_KINDS: readonly { readonly apiVersion: string; readonly kind: string }[] = [
  { apiVersion: "serving.kserve.io/v1alpha1", kind: "ServingRuntime" },
  { apiVersion: "serving.kserve.io/v1alpha1", kind: "ClusterServingRuntime" },
];

const CALLER = "let a program ask the models in turn";

/** What to do instead, by group and kind. */
export const REFUSED: Readonly<Record<string, string>> = {
  "serving.kserve.io/InferenceGraph": `has no counterpart: a fleet has no graph of models; ${CALLER}, and leave the document out`,
  "serving.kserve.io/TrainedModel":
    "has no counterpart: a pod serves one model; make it an InferenceService of its own",
  "serving.kserve.io/LLMInferenceService":
    "has no counterpart: it spreads one model over several kinds of pods; leave the document out, and write the model with runtime vllm",
  "serving.kserve.io/LocalModelCache":
    "has no counterpart: set cache of the models to a PersistentVolumeClaim, and leave the document out",
  "serving.kserve.io/ClusterStorageContainer":
    "has no counterpart: set storage.initializerImage, and leave the document out",
  "mlops.seldon.io/Pipeline": `has no counterpart: a fleet has no graph of models; ${CALLER}, and leave the document out`,
  "mlops.seldon.io/Experiment":
    "has no counterpart: write its candidates as variants of one model with trafficPercent or mirrorPercent, and leave the document out",
  "mlops.seldon.io/Server":
    "has no counterpart: write its container under runtimes in the file of --settings, and leave the document out",
  "mlops.seldon.io/ServerConfig":
    "has no counterpart: write its container under runtimes in the file of --settings, and leave the document out",
  "machinelearning.seldon.io/SeldonDeployment":
    "is of Seldon Core 1, and the import reads models of Seldon Core 2; take over what runs with `npx modelfleet adopt`",
};

/** The group and kind of a document, as `REFUSED` has them. */
export function groupKindOf(apiVersion: string, kind: string): string {
  return `${apiVersion.includes("/") ? `${apiVersion.split("/")[0] ?? ""}/` : ""}${kind}`;
}
