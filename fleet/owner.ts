import { createHash } from "node:crypto";
import { DEFAULT_VARIANT } from "./names";

/** Labels and annotations that say which fleet owns an object, which model it serves, and who applied it. Pure. */

/** The longest value of a label, in characters. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const MAX_LABEL_LENGTH = 63;

const NAME = "app.kubernetes.io/name";
const INSTANCE = "app.kubernetes.io/instance";
const VARIANT = "modelfleet.dev/variant";

/** The annotation with the owner's full name, which may be no label. */
const STACK = "modelfleet.dev/stack";

/** The project whose stacks are owners by their name alone. */
const OWN_PROJECT = "modelfleet";

/** The labels of what any fleet made. */
const OF_FLEETS = { "app.kubernetes.io/part-of": "modelfleet", "app.kubernetes.io/managed-by": "pulumi" };

/** The longest name of a field manager, in characters. */
const MAX_MANAGER_LENGTH = 128;

/**
 * The owner of a stack's objects, which this project calls its stack: the stack's name, and before it the name of any
 * other project than `modelfleet`. No two stacks share it, since no name has a slash.
 */
export function ownerOf(project: string, stack: string): string {
  return project === OWN_PROJECT ? stack : `${project}/${stack}`;
}

/** The annotation of a versioned Secret: the name without the hash of its content. */
export const VERSION_OF = "modelfleet.dev/version-of";

/** The annotation of a model's Deployment that no update may delete. */
export const PROTECTED = "modelfleet.dev/protect";

/** The annotation of a Deployment whose pods an autoscaler counts: the kind of that object, and how many there may be. */
export const AUTOSCALED = "modelfleet.dev/autoscaled";

/** The annotation that counts how often the stack has undone what others set in fields that are its own. */
export const UNDONE = "modelfleet.dev/undone";

/** The Pod Security Standards that a model's pods can pass, the stricter one first. */
export const POD_SECURITY_LEVELS = ["restricted", "baseline"] as const;
export type PodSecurity = (typeof POD_SECURITY_LEVELS)[number];

/** The label by which a Namespace admits only pods that pass a Pod Security Standard. */
export const POD_SECURITY = "pod-security.kubernetes.io/enforce";

/** Label keys that the program sets, and users may not. */
export const RESERVED_LABELS: readonly string[] = [
  ...Object.keys(fleetLabels("", "stack")),
  POD_SECURITY,
  VARIANT,
];

/** Prefixes of annotation keys that control Pulumi and modelfleet; users choose other ones. */
export const RESERVED_ANNOTATIONS: readonly string[] = ["pulumi.com/", "modelfleet.dev/"];

/** The labels of every object of the fleet: one selector finds them all, orphans included. */
export function fleetLabels(name: string, stack: string): Record<string, string> {
  return { [NAME]: name, ...ownerLabels(stack) };
}

/** The labels that say which fleet owns an object. */
export function ownerLabels(stack: string): Record<string, string> {
  return { ...OF_FLEETS, ...instanceLabels(stack) };
}

/** The label of all that belongs to a stack, ReplicaSets and pods included: these have not all labels of an owner. */
export function instanceLabels(stack: string): Record<string, string> {
  return { [INSTANCE]: labelOfStack(stack) };
}

/** The labels of the fleet's pods. */
export function podsOfFleet(stack: string): Record<string, string> {
  return { "app.kubernetes.io/part-of": "modelfleet", ...instanceLabels(stack) };
}

/** Labels as the API server takes them in `labelSelector`. */
export function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map((label) => label.join("="))
    .join(",");
}

/**
 * The labels by which a Deployment and a Service select pods. The selector of a Deployment can never change, so nothing
 * that a user can edit belongs here; the variant is part of it because variants of one model share its name.
 */
export function selectorLabels(
  name: string,
  stack: string,
  variant = DEFAULT_VARIANT,
): Record<string, string> {
  return { [NAME]: name, ...instanceLabels(stack), [VARIANT]: variant };
}

/** The label of a variant's own objects; none for the variant that a model without variants has. */
export function variantLabels(variant: string): Record<string, string> {
  return variant === DEFAULT_VARIANT ? {} : { [VARIANT]: variant };
}

/** The model and the variant of an object, as its labels say. */
export function variantOfObject({ labels = {} }: ObjectMeta): {
  readonly id: string;
  readonly variant: string;
} {
  return { id: labels[NAME] ?? "", variant: labels[VARIANT] ?? DEFAULT_VARIANT };
}

/** The labels of the pods of a model. @param variant The only variant. @default all of its variants */
export function podsOfModel(name: string, stack: string, variant?: string): Record<string, string> {
  return { [NAME]: name, ...instanceLabels(stack), ...(variant !== undefined && { [VARIANT]: variant }) };
}

/** Labels that the pods of a variant have, for `kubectl`: those of the variant `default` are of all variants. */
export function podLabels({
  id,
  variant,
}: {
  readonly id: string;
  readonly variant: string;
}): Record<string, string> {
  return { [NAME]: id, ...variantLabels(variant) };
}

/**
 * How Pulumi applies an object, and for which stack: with force, since config is the authority, and under the stack's
 * own field manager.
 */
export function applyAnnotations(stack: string): Record<string, string> {
  return {
    "pulumi.com/patchForce": "true",
    "pulumi.com/patchFieldManager": fieldManager(stack),
    [STACK]: stack,
  };
}

/**
 * The field manager of a stack. Fixed rather than random, so that a stack that lost its state can still remove fields
 * that it set before. Pulumi limits the names of a stack and a project to 100 characters each.
 */
export function fieldManager(stack: string): string {
  const manager = `modelfleet-${stack}`;
  return manager.length <= MAX_MANAGER_LENGTH ? manager : cut(manager, MAX_MANAGER_LENGTH);
}

/** The rule that a stack's or a project's name breaks as a label value; undefined if it breaks none. */
export function problemOfStackName(stack: string): string | undefined {
  return /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(stack)
    ? undefined
    : "cannot be the value of a label, which begins and ends with a letter or a digit";
}

/**
 * An owner as a label value: in full if it is one, otherwise with a dot for the slash, cut, and with a hash. No two
 * stacks share it: without the hash, `a/b.c` would be `a.b/c`.
 */
function labelOfStack(stack: string): string {
  const isLabel = stack.length <= MAX_LABEL_LENGTH && !stack.includes("/");
  return isLabel ? stack : cut(stack, MAX_LABEL_LENGTH).replace("/", ".");
}

/** The beginning of a text and the hash of all of it. @param length The longest result, in characters. */
function cut(text: string, length: number): string {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return `${text.slice(0, length - hash.length - 1)}-${hash}`;
}

/** The part of an object's metadata that says who owns it. */
export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Of the spec: each change of it counts one on. */
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
}

/**
 * The fields that one manager owns.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#System
 */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: FieldSet;
}

/** A tree of field names; a leaf is empty. */
export interface FieldSet {
  [field: string]: FieldSet;
}

/** The owner that an object names, as {@link ownerOf}; undefined if it names none. */
export function stackOf({ annotations = {} }: ObjectMeta): string | undefined {
  return annotations[STACK];
}

/** Whether a fleet of any stack made an object. */
export function isOfFleet(metadata: ObjectMeta): boolean {
  return hasLabels(metadata.labels, OF_FLEETS) || stackOf(metadata) !== undefined;
}

/** Whether labels have all of some others, as a selector asks for them. */
export function hasLabels(
  labels: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/**
 * Whether the stack owns an object: it has the stack's whole name, and the stack's labels or field manager. If somebody
 * removed the name, the field manager is enough: the API server keeps that record, so a lost state does not lose it. An
 * object that names another stack is that stack's, even if this one applied it before.
 */
export function isOwn(metadata: ObjectMeta, stack: string): boolean {
  const { labels = {}, managedFields = [] } = metadata;
  const isLabelled = hasLabels(labels, ownerLabels(stack));
  const isApplied = managedFields.some(({ manager }) => manager === fieldManager(stack));
  const named = stackOf(metadata);
  return named === undefined ? isApplied : named === stack && (isLabelled || isApplied);
}
