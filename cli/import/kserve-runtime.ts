import { isMap, mapOf } from "../../config/merge";
import { nearest } from "../../lib/nearest";
import { CONTAINER_FIELDS } from "./container";
import { Draft, type Source } from "./draft";
import { carryFields, elsewhere, type Field, valueAt } from "./fields";
import { withoutPlaceholders } from "./kserve-placeholders";
import { METADATA_FIELDS, OWN_KEYS, OWN_PREFIX } from "./kserve-scaling";
import { metadataFields } from "./metadata";
import { addSidecars, carryVolumes, POD_FIELDS } from "./pod";
import { KSERVE_RUNTIMES, serverOf } from "./servers";

/** KServe's ServingRuntime and ClusterServingRuntime, which become entries of `runtimes`. */

const MODEL_MESH = "it is for ModelMesh, which serves several models in one pod";

const inPods = metadataFields(OWN_KEYS, OWN_PREFIX).filter(({ field }) => /labels|annotations/.test(field));

export const RUNTIME_FIELDS: readonly Field[] = [
  {
    field: "supportedModelFormats",
    setting: "the `runtime` of the models of these formats",
    carry: elsewhere,
  },
  { field: "protocolVersions", setting: "the `runtime` of the models of these protocols", carry: elsewhere },
  { field: "disabled", carry: elsewhere },
  {
    field: "containers",
    setting: "the settings of a container",
    text: "kserve-container or the first one; `{{.Name}}` becomes `$(MODEL_NAME)`, and a label or an annotation a variable of each model",
    carry: elsewhere,
  },
  ...inPods.map((one): Field => ({ ...one, field: one.field.replace("metadata.", "") })),
  { field: "workerSpec", text: "one model on several nodes needs LeaderWorkerSet or llm-d" },
  ...[
    "multiModel",
    "grpcEndpoint",
    "grpcDataEndpoint",
    "httpDataEndpoint",
    "replicas",
    "storageHelper",
    "builtInAdapter",
  ].map((field): Field => ({
    field,
    text: MODEL_MESH,
    carry: (value, draft, path) =>
      void (value !== false && draft.note(path, `has no counterpart; ${MODEL_MESH}`)),
  })),
];

const KINDS = ["ServingRuntime", "ClusterServingRuntime"] as const;

interface Wanted {
  readonly format: string;
  readonly version: string | undefined;
  readonly protocol: string;
  /** The runtime that the document names. */
  readonly named: string | undefined;
  readonly field: string;
}

/** The runtime of a predictor: the one that it names, else one of the documents, else a built-in one. */
export function runtimeFor(
  draft: Draft,
  { format, version, protocol, named, field }: Wanted,
): string | undefined {
  const own = Object.keys(mapOf(draft.base["runtimes"]));
  if (named !== undefined) {
    const found =
      KSERVE_RUNTIMES[named] ?? (own.includes(named) || documentOf(draft, named) ? named : undefined);
    if (found === undefined)
      draft.problem(field, named, "names a ServingRuntime that is in no document", fixOf(draft, named));
    return found;
  }
  const [selected] = runtimesIn(draft)
    .filter(({ document }) => selects(document, { format, version, protocol }))
    .sort((a, b) => priorityOf(b, format) - priorityOf(a, format));
  const name = nameOf(selected);
  const found = name === undefined ? serverOf(format, protocol) : (KSERVE_RUNTIMES[name] ?? name);
  if (found === undefined)
    draft.problem(
      field,
      format,
      `is a format that no built-in runtime serves with protocol ${protocol}`,
      fixOf(draft),
    );
  return found;
}

function fixOf(draft: Draft, named = ""): string {
  const names = runtimesIn(draft).flatMap((one) => nameOf(one) ?? []);
  const near = nearest(named, names);
  if (near !== undefined) return `did you mean "${near}"?`;
  return "import it too: `kubectl get servingruntimes,clusterservingruntimes -A -o yaml > runtimes.yaml`";
}

function runtimesIn({ report: { named } }: Draft): Source[] {
  return [...named.values()].filter(({ kind }) => (KINDS as readonly string[]).includes(kind));
}

function nameOf(source: Source | undefined): string | undefined {
  const name = valueAt(source?.document, "metadata.name");
  return typeof name === "string" ? name : undefined;
}

function documentOf(draft: Draft, name: string): Source | undefined {
  return KINDS.map((kind) => draft.report.named.get(`${kind}/${name}`)).find((one) => one !== undefined);
}

/** Whether KServe would choose the runtime by itself. */
function selects(
  document: unknown,
  { format, version, protocol }: Pick<Wanted, "format" | "version" | "protocol">,
): boolean {
  const protocols = valueAt(document, "spec.protocolVersions");
  if (valueAt(document, "spec.disabled") === true || valueAt(document, "spec.multiModel") === true)
    return false;
  if (Array.isArray(protocols) && !protocols.includes(protocol)) return false;
  return formatsIn(document, format).some(
    (one) => one["autoSelect"] === true && isOf(one["version"], version),
  );
}

/** Whether a format has a version that was asked for; of both, the major number counts. */
function isOf(version: unknown, wanted: string | undefined): boolean {
  const major = (text: unknown) => String(text).split(".")[0];
  return version === undefined || wanted === undefined || major(version) === major(wanted);
}

function formatsIn(document: unknown, format: string): Readonly<Record<string, unknown>>[] {
  const formats = valueAt(document, "spec.supportedModelFormats");
  return (Array.isArray(formats) ? formats : []).filter(isMap).filter(({ name }) => name === format);
}

function priorityOf({ document }: Source, format: string): number {
  return Math.max(0, ...formatsIn(document, format).map(({ priority }) => Number(priority ?? 0)));
}

/** The settings of a runtime, which the fleet gets with the first model that has it; undefined for a built-in one. */
export function useRuntime(draft: Draft, name: string): Readonly<Record<string, unknown>> | undefined {
  const own = mapOf(draft.base["runtimes"])[name];
  if (isMap(own)) return own;
  const source = documentOf(draft, name);
  if (source === undefined) return undefined;
  const runtimes = (draft.report.fleet["runtimes"] ??= {});
  runtimes[name] ??= settingsOf(new Draft(name, source, draft.report, draft.base));
  return runtimes[name] as Readonly<Record<string, unknown>>;
}

function settingsOf(draft: Draft): Readonly<Record<string, unknown>> {
  const { document } = draft.source;
  // Its own labels and annotations are not those of its pods.
  const own = METADATA_FIELDS.map(({ field }): Field => ({ field, carry: elsewhere }));
  carryFields([...own, { field: "spec", carry: elsewhere }], document, draft, "");
  const spec = draft.map(document["spec"], "spec") ?? {};
  carryFields([...RUNTIME_FIELDS, ...POD_FIELDS], spec, draft, "spec");
  const containers = draft.list(spec["containers"], "spec.containers");
  const index = Math.max(
    0,
    containers.findIndex((one) => valueAt(one, "name") === "kserve-container"),
  );
  const at = `spec.containers[${index}]`;
  const container = draft.map(withoutPlaceholders(containers[index], draft, at), at);
  if (container === undefined) {
    draft.problem("spec.containers", undefined, "is empty", "give the runtime a container");
    return draft.settings;
  }
  carryFields(CONTAINER_FIELDS, container, draft, at);
  const others = containers.filter((_, other) => other !== index);
  addSidecars(draft, others, "spec.containers");
  carryVolumes(
    draft,
    { volumes: spec["volumes"], at: "spec" },
    { volumeMounts: container["volumeMounts"], at },
  );
  keepWritable(draft, at);
  return draft.settings;
}

/** KServe's pods may write to their own disk. */
export function keepWritable(draft: Draft, at: string): void {
  if (draft.settings["readOnlyRootFilesystem"] === undefined) draft.set("readOnlyRootFilesystem", false, at);
}
