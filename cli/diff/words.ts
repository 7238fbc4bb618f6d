import { AUTOSCALED } from "../../fleet/owner";
import { changesOf, type FieldChange, fieldWords } from "./fields";
import { imageWords, isGpu, type Pods, podsOf } from "./pods";
import type { Step, Tree } from "./steps";

/** The annotation by which an update undoes what others set; its count says nothing to people. */
const UNDONE_PATH = "metadata.annotations.modelfleet.dev/undone";

/** The annotation that repeats what the autoscaler has. */
const AUTOSCALED_PATH = `metadata.annotations.${AUTOSCALED}`;

const UNDOES = "undoes what others set";

const VERBS: Readonly<Record<string, string>> = {
  create: "makes its KIND again",
  delete: "its KIND goes",
  replace: "replaces its KIND, the old one first",
};

/** The objects that every model has: one that is made while the model stays was lost. Any other is there on request. */
const ALWAYS: readonly string[] = ["Deployment", "Service", "Secret", "Ingress", "HTTPRoute", "ModelService"];

/** What a step does with an object of something that stays, in words; empty if it does nothing. */
export function wordsOf(step: Step): string[] {
  const kind = step.type.split(":").at(-1) ?? step.type;
  if (step.op === "same") return [];
  if (step.name.endsWith(".version") && step.op !== "update") return secretWords(step);
  if (step.op === "create" && !ALWAYS.includes(kind)) return [`makes a ${kind}`];
  const verb = VERBS[step.op];
  if (verb !== undefined) return [verb.replace("KIND", kind)];
  if (kind === "Ingress") return ingressWords(step);
  const words = kind === "Deployment" ? deploymentWords(step) : changeWords(kind, step);
  if (words.length > 0) return words;
  // What is masked looks the same before and after; the provider has compared the true values.
  const paths = Object.keys(step.changed);
  return paths.length === 0 ? [`${kind} changes`] : paths.map((path) => `${path} changes`);
}

/** A new model, or a new default backend: its image, pods and what each of them requests. */
export function newPodsWords({ image, replicas, autoscaled, requests }: Pods): string[] {
  const known = ["cpu", "memory"];
  const others = Object.keys(requests).filter((name) => !known.includes(name));
  const sizes = [...known, ...others].flatMap((name) => {
    const amount = requests[name];
    return amount === undefined ? [] : [`${name} ${amount}`];
  });
  return [`image ${image}`, autoscaled ?? count(replicas), ...sizes];
}

/** `1 pod`, `2 pods`. */
export function count(pods: number): string {
  return `${pods} ${pods === 1 ? "pod" : "pods"}`;
}

function deploymentWords({ old, new: next }: Step): string[] {
  const [before, after] = [old?.inputs ?? {}, next?.inputs ?? {}];
  const [a, b] = [podsOf(before), podsOf(after)];
  const outside = changesOf(before, after).filter(
    ({ path }) =>
      !/^spec\.(replicas$|template\.)/.test(path) && path !== "spec.template" && path !== AUTOSCALED_PATH,
  );
  const restarts =
    changesOf(templateOf(before), templateOf(after)).length > 0 ? Math.min(a.replicas, b.replicas) : 0;
  return [
    ...(a.image === b.image ? [] : [imageWords(a.image, b.image)]),
    ...(podsText(a) === podsText(b) ? [] : [`replicas ${podsText(a)} -> ${podsText(b)}`]),
    ...changesOf(a.requests, b.requests).map((change) => fieldWords(change.path, change)),
    ...envWords(a.env, b.env),
    ...new Set(changesOf(a.rest, b.rest).flatMap(podWords)),
    ...outside.flatMap((change) => metadataWords("Deployment", change)),
    ...(restarts > 0 ? [`restarts ${a.autoscaled === undefined ? count(restarts) : "its pods"}`] : []),
  ].map((word) => (word === UNDOES && restarts === 0 ? `${UNDOES}, which may restart its pods` : word));
}

/** `3`, or `2 to 20 pods` if an autoscaler decides. */
function podsText({ replicas, autoscaled }: Pods): string {
  return autoscaled ?? `${replicas}`;
}

/** Names alone: a value may be long, or a secret that nobody has marked. */
function envWords(before: Tree, after: Tree): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    if (!(name in before)) return [`env ${name} added`];
    if (!(name in after)) return [`env ${name} removed`];
    return JSON.stringify(before[name]) === JSON.stringify(after[name]) ? [] : [`env ${name} changes`];
  });
}

function podWords(change: FieldChange): string[] {
  const [, resource] = /^limits\.(.+)$/.exec(change.path) ?? [];
  if (change.path.startsWith("spec.imagePullSecrets")) return ["pulled with other credentials"];
  // A GPU's limit is its request.
  if (resource !== undefined) return isGpu(resource) ? [] : [fieldWords(`${resource} limit`, change)];
  return metadataWords("pods'", {
    ...change,
    path: change.path.replace(/^spec\.(containers\[model\]\.)?/, ""),
  });
}

function changeWords(kind: string, { old, new: next }: Step): string[] {
  return changesOf(old?.inputs, next?.inputs).flatMap((change) => metadataWords(kind, change));
}

/** Without the paths, which are told with the models that they lead to. */
function ingressWords({ old, new: next }: Step): string[] {
  const changes = changesOf(old?.inputs, next?.inputs).filter(({ path }) => path !== "spec.rules");
  const hosts = { old: hostOf(old?.inputs), new: hostOf(next?.inputs) };
  return [
    ...(hosts.old === hosts.new ? [] : [fieldWords("host", hosts)]),
    ...changes.flatMap((change) => metadataWords("Ingress", change)),
  ];
}

function hostOf(inputs: Tree = {}): string | undefined {
  const { rules = [] } = (inputs["spec"] ?? {}) as { rules?: { host?: string }[] };
  return rules.flatMap(({ host }) => host ?? []).join(", ") || undefined;
}

/** Labels and annotations are named as such; they are mostly the same on all objects of a model. */
function metadataWords(object: string, change: FieldChange): string[] {
  if (change.path === UNDONE_PATH) return [UNDOES];
  const [, map, key] = /^metadata\.(label|annotation)s\.(.+)$/.exec(change.path) ?? [];
  if (map !== undefined) return [fieldWords(`${map} ${key}`, change)];
  return [fieldWords(object === "pods'" ? change.path : `${object} ${change.path}`, change)];
}

/** What happens to the values of a Secret: names alone. */
function secretWords({ op, changed, old, owner }: Step): string[] {
  // The only other Secret is that of the registry, with one key.
  if (owner.name.endsWith(".version"))
    return [`credentials ${op === "create" ? "added" : op === "delete" ? "removed" : "change"}`];
  if (op === "create") return ["secret variables added"];
  if (op === "delete") return [`secret ${secretKeys(old?.outputs).join(", ") || "variables"} removed`];
  const words = Object.entries(changed).flatMap(([path, kind]) => {
    const [, key] = /^data(?:\.|\[")([^"\]]+)/.exec(path) ?? [];
    if (key === undefined) return [];
    return [
      `secret ${key} ${kind.startsWith("add") ? "added" : kind.startsWith("delete") ? "removed" : "changes"}`,
    ];
  });
  return words.length > 0 ? words : ["secret variables change"];
}

/** The keys of a Secret in the cluster. Its data is masked, but not the list of its fields. */
function secretKeys(outputs: Tree = {}): string[] {
  const { managedFields = [] } = (outputs["metadata"] ?? {}) as {
    managedFields?: { fieldsV1?: Record<string, object> }[];
  };
  const keys = managedFields.flatMap(({ fieldsV1 = {} }) => Object.keys(fieldsV1["f:data"] ?? {}));
  return [...new Set(keys.flatMap((key) => (key.startsWith("f:") ? [key.slice(2)] : [])))].sort();
}

function templateOf(inputs: Tree): unknown {
  return (inputs["spec"] as { template?: unknown } | undefined)?.template;
}
