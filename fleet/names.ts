/**
 * The one place where a model ID becomes the names, labels and paths of Kubernetes objects. Everything here is pure;
 * what Kubernetes would refuse is refused by `problemOfModelId`, before anything is sent.
 */

/** Names of the objects of one model, all in the fleet's namespace. */
export interface ModelNames {
  readonly deployment: string;
  readonly service: string;
  readonly secret: string;
}

/**
 * The longest model ID, in characters: a Service's name is a DNS label of at most 63, and so is a label's value.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export const MAX_MODEL_ID_LENGTH = 63;

/** Names of the fleet's own objects, one of each a namespace. No model's objects may have them. */
export const FLEET_NAMES = {
  ingress: "modelfleet",
  stripPrefixMiddleware: "modelfleet-strip-prefix",
  pullSecret: "modelfleet-registry",
  defaultBackend: "modelfleet-default-backend",
} as const;

/** The names of a model's objects. The Deployment and the Service bear the ID itself, as people look for it. */
export function modelNames(id: string): ModelNames {
  return { deployment: id, service: id, secret: `${id}-env` };
}

/** What is wrong with a model ID, as the rule that it breaks; undefined where nothing is. */
export function problemOfModelId(id: string): string | undefined {
  if (id.length > MAX_MODEL_ID_LENGTH) {
    return `is ${id.length} characters long; a Service's name takes at most ${MAX_MODEL_ID_LENGTH}`;
  }
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(id)) {
    return 'is not a valid model ID (lower-case letters, digits and "-"; first a letter, last no "-")';
  }
  const taken = Object.values(modelNames(id)).find(isFleetName);
  return taken === undefined ? undefined : `would make an object named "${taken}", which is the fleet's own`;
}

/** Whether a name is one of the fleet's own objects, which no model's may have. */
export function isFleetName(name: string): boolean {
  return fleetNames.has(name);
}

const fleetNames = new Set<string>(Object.values(FLEET_NAMES));

/** The valid model ID nearest to what was typed, or undefined where nothing of it can stay. */
export function nearestModelId(typed: string): string | undefined {
  const id = typed
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, MAX_MODEL_ID_LENGTH)
    .replace(/-+$/, "");
  return id === "" || id === typed || problemOfModelId(id) ? undefined : id;
}

/** What every object of the fleet is labelled with, so that one selector finds them all, orphans included. */
export function fleetLabels(name: string, stack: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, ...ownerLabels(stack) };
}

/** The labels of the fleet's Namespace, which admits only pods that pass the `restricted` Pod Security Standard. */
export function namespaceLabels(name: string, stack: string): Record<string, string> {
  return { ...fleetLabels(name, stack), "pod-security.kubernetes.io/enforce": "restricted" };
}

/** The labels that say whose an object is. */
export function ownerLabels(stack: string): Record<string, string> {
  return {
    "app.kubernetes.io/part-of": "modelfleet",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/instance": labelValue(stack),
  };
}

/**
 * The labels by which a Deployment and a Service select a model's pods. A Deployment's selector cannot change, so
 * nothing that a user can edit belongs here.
 */
export function selectorLabels(name: string, stack: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": labelValue(stack) };
}

/** Stack names may be longer than a label's value and may end in a character that a label's value may not. */
function labelValue(stack: string): string {
  return stack.slice(0, 63).replace(/[^a-zA-Z0-9]+$/, "");
}

/**
 * The name under which the stack applies its objects. Fixed rather than random, so that a stack whose state was lost
 * still removes what it no longer wants, and so that an object says who made it even without its labels.
 */
export function fieldManager(stack: string): string {
  return `modelfleet-${stack}`.slice(0, 128);
}

/** The path of a model behind the Ingress, without a slash at its end. */
export function modelPath(pathPrefix: string, id: string): string {
  return `${pathPrefix === "/" ? "" : pathPrefix}/${id}`;
}
