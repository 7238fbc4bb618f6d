import { isMap } from "../../config/merge";
import { CONTAINER_FIELDS } from "./container";
import type { Draft } from "./draft";
import { elsewhere, type Field, lost, valueAt } from "./fields";
import { fillPlaceholders } from "./kserve-placeholders";
import { keepWritable, runtimeFor, useRuntime } from "./kserve-runtime";
import { MLSERVER_CLASSES } from "./servers";

/** The server of a KServe predictor, and its artefact. */

/** What KServe's configuration gives to a container without resources. */
const RESOURCES = { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "1", memory: "2Gi" } };

/** KServe's names of schemes also say how an image gets to a pod, as `oci+native` does: here it is always a volume. */
export const carryUri: NonNullable<Field["carry"]> = (value, draft, path) => {
  if (/^oci(\+modelcar)?:/.test(String(value)))
    draft.note(
      path,
      "is mounted as a whole image; if its files are in /models, as those of a modelcar, set env.MODEL_PATH to /mnt/models/models",
    );
  draft.set("storageUri", String(value).replace(/^oci\+\w+:/, "oci:"), path);
};

const carryStore: Field["carry"] = (value, draft, path) => {
  const bucket = valueAt(value, "parameters.bucket");
  const key = valueAt(value, "path");
  const type = valueAt(value, "parameters.type") ?? "s3";
  if (typeof bucket === "string" && typeof key === "string")
    draft.set("storageUri", `${String(type)}://${bucket}/${key.replace(/^\//, "")}`, path);
  else
    draft.problem(
      path,
      undefined,
      "says no bucket, which is in KServe's Secret storage-config",
      "write storageUri instead of it, such as s3://<bucket>/<path>",
    );
  if (valueAt(value, "key") !== undefined)
    draft.note(`${path}.key`, lost("set envFrom to a Secret with variables such as AWS_ACCESS_KEY_ID"));
  if (valueAt(value, "schemaPath") !== undefined) draft.note(`${path}.schemaPath`, lost());
};

const carryProtocol: Field["carry"] = (value, draft, path) =>
  void (String(value).startsWith("grpc") && draft.set("protocol", "grpc", path));

/** Fields of a framework besides those of its container. */
export const MODEL_FIELDS: readonly Field[] = [
  {
    field: "storageUri",
    setting: "storageUri",
    text: "the credentials are not those of the ServiceAccount's Secrets, but of `envFrom`, `secrets` or the account itself",
    carry: carryUri,
  },
  { field: "storage", setting: "storageUri", text: "with `parameters.bucket`", carry: carryStore },
  {
    field: "protocolVersion",
    setting: "protocol",
    text: "`grpc` for grpc-v1 and grpc-v2; v1 only with a runtime that speaks it",
    carry: carryProtocol,
  },
  { field: "runtimeVersion", text: "the runtime's image has a version; set image for another one" },
  { field: "confidential", text: "decrypt the model in an init container" },
];

/** Fields of `model`. */
export const PREDICTOR_MODEL: readonly Field[] = [
  {
    field: "modelFormat.name",
    setting: "runtime",
    text: "the one that serves this format, of the documents or built in",
    carry: elsewhere,
  },
  { field: "modelFormat.version", text: "the runtime serves one version", carry: elsewhere },
  {
    field: "runtime",
    setting: "runtime",
    text: "KServe's own become built-in ones; any other one needs its document, or `runtimes` in --settings",
    carry: elsewhere,
  },
  ...MODEL_FIELDS,
  ...CONTAINER_FIELDS,
];

interface Server {
  /** The field with the framework; undefined for a container of the user's own. */
  readonly key: string | undefined;
  readonly container: Readonly<Record<string, unknown>>;
  readonly at: string;
}

/** Chooses what serves the model, and gives it what KServe gives to it. */
export function setServer(draft: Draft, { key, container, at }: Server): void {
  const env = draft.settings["env"];
  if (isMap(env) && env["STORAGE_URI"] !== undefined) {
    carryUri(env["STORAGE_URI"], draft, draft.fields.get("env.STORAGE_URI") ?? at);
    delete env["STORAGE_URI"];
  }
  if (key === undefined) {
    keepWritable(draft, at);
    setResources(draft, container, at);
    return;
  }
  const format = String(key === "model" ? valueAt(container, "modelFormat.name") : key);
  const version = valueAt(container, "modelFormat.version");
  const protocol = String(container["protocolVersion"] ?? "v1");
  const named = typeof container["runtime"] === "string" ? container["runtime"] : undefined;
  const field = key !== "model" ? at : named === undefined ? `${at}.modelFormat.name` : `${at}.runtime`;
  const wanted = {
    ...{ format, protocol, named, field },
    version: version === undefined ? undefined : String(version),
  };
  const runtime = runtimeFor(draft, wanted);
  if (runtime === undefined) return;
  draft.set("runtime", runtime, field);
  const own = useRuntime(draft, runtime);
  if (own === undefined) setResources(draft, container, at);
  // As in KServe, they go on after those of the runtime; here, a list replaces another one.
  if (Array.isArray(own?.["args"]) && Array.isArray(container["args"]))
    draft.set("args", [...(own["args"] as unknown[]), ...(container["args"] as unknown[])], `${at}.args`);
  fillPlaceholders(draft, runtime, wanted);
  const protocolField = container["protocolVersion"] === undefined ? field : `${at}.protocolVersion`;
  if (own === undefined) setBuiltIn(draft, runtime, { ...wanted, protocolField });
}

/** What a built-in runtime needs besides, and where it differs from KServe's. */
function setBuiltIn(
  draft: Draft,
  runtime: string,
  {
    format,
    protocol,
    field,
    protocolField,
  }: Readonly<Record<"format" | "protocol" | "field" | "protocolField", string>>,
): void {
  if (runtime === "tensorflow-serving")
    draft.note(field, "requests name the model `model`, as in /v1/models/model:predict");
  if (runtime !== "mlserver") return;
  const variable = ["env", "MLSERVER_MODEL_IMPLEMENTATION"] as const;
  const implementation = MLSERVER_CLASSES[format];
  if (implementation !== undefined && valueAt(draft.settings, variable.join(".")) === undefined)
    draft.set(variable, implementation, field);
  if (protocol === "v1")
    draft.note(
      protocolField,
      "MLServer speaks v2 only, and clients of v1 must change; to keep KServe's server, import its ClusterServingRuntime too",
    );
}

function setResources(draft: Draft, container: Readonly<Record<string, unknown>>, at: string): void {
  if (container["resources"] === undefined) draft.set("resources", RESOURCES, at);
}
