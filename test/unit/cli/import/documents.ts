import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { importFiles, type ImportResult } from "../../../../cli/import/import";

/** What a test imports: documents, and the settings that they are to join. */
interface Given {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly fixIds?: boolean;
}

/** Imports documents from one file `models.yaml`. */
export function importOf(documents: readonly (object | string)[], given: Given = {}): ImportResult {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-import-"));
  const texts = documents.map((one) => (typeof one === "string" ? one : stringify(one)));
  const file = join(folder, "models.yaml");
  writeFileSync(file, texts.join("---\n"));
  const settings = given.settings && join(folder, "Pulumi.prod.yaml");
  if (settings !== undefined) {
    const config = Object.entries(given.settings ?? {}).map(([key, value]) => [`modelfleet:${key}`, value]);
    writeFileSync(settings, stringify({ config: Object.fromEntries(config) as object }));
  }
  return importFiles([file], { settings, "fix-ids": given.fixIds ?? false });
}

/** The problems of an import, one line each, without the path of the file's folder. */
export function problemsOf(documents: readonly (object | string)[], given: Given = {}): string[] {
  try {
    importOf(documents, given);
  } catch (error) {
    const lines = (error as Error).message.split("\n").slice(1);
    return lines.map((line) => line.trim().replace(/^\S*models\.yaml/, "models.yaml"));
  }
  return [];
}

/** The settings of the only model. */
export function entryOf(document: object, given: Given = {}, others: readonly object[] = []): unknown {
  return Object.values(importOf([document, ...others], given).catalog)[0];
}

export const inferenceService = (predictor: object, name = "iris", metadata: object = {}) => ({
  apiVersion: "serving.kserve.io/v1beta1",
  kind: "InferenceService",
  metadata: { name, ...metadata },
  spec: { predictor },
});

/** A predictor with a model of a format that is built in. */
export const sklearn = (more: object = {}) => ({
  model: { modelFormat: { name: "sklearn" }, protocolVersion: "v2", storageUri: "s3://models/iris", ...more },
});

/** A predictor with a container of its own. */
export const custom = (container: object = {}, more: object = {}) => ({
  containers: [{ name: "kserve-container", image: "registry.example/own:1", ...container }],
  ...more,
});

export const kubeaiModel = (spec: object, name = "llama") => ({
  apiVersion: "kubeai.org/v1",
  kind: "Model",
  metadata: { name },
  spec: { url: "pvc://weights/llama", engine: "VLLM", features: ["TextGeneration"], ...spec },
});

export const seldonModel = (spec: object, name = "wine") => ({
  apiVersion: "mlops.seldon.io/v1alpha1",
  kind: "Model",
  metadata: { name },
  spec: { storageUri: "gs://models/wine", requirements: ["sklearn"], ...spec },
});

/** Settings of a stack that has HTTPRoutes and Prometheus. */
export const READY = {
  routing: { flavour: "gateway" },
  gateway: { name: "shared" },
  scaling: { prometheusUrl: "http://prometheus.monitoring:9090" },
};
