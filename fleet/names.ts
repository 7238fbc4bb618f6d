/**
 * The one place where a model ID becomes the names and the path of Kubernetes objects. Everything here is pure; what
 * Kubernetes would refuse is refused by `problemOfModelId`, before anything is sent.
 */

/** The variant of a model without variants. */
export const DEFAULT_VARIANT = "default";

/** Names of the objects of one variant of a model, all in the fleet's namespace. */
export interface ModelNames {
  readonly deployment: string;
  readonly service: string;
  readonly secret: string;
  /** The HTTPRoute, if a Gateway routes to the model. */
  readonly route: string;
  /** The HTTPRoute of the model's own host. No ID has a dot. */
  readonly hostRoute: string;
}

/** The name of the container with the model's server; an admission policy may have added others. */
export const SERVER = "model";
/** The name of the container that downloads the model's files. */
export const INITIALIZER = "storage-initializer";

/**
 * The longest model ID, in characters: a Service's name is a DNS label of at most 63, and so is a label's value.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export const MAX_MODEL_ID_LENGTH = 63;

/** Reserved names of the fleet's own objects, one of each per namespace. */
export const FLEET_NAMES = {
  ingress: "modelfleet",
  stripPrefixMiddleware: "modelfleet-strip-prefix",
  redirectMiddleware: "modelfleet-redirect-https",
  pullSecret: "modelfleet-registry",
  defaultBackend: "modelfleet-default-backend",
  gateway: "modelfleet",
  redirectRoute: "modelfleet-redirect-https",
  networkPolicy: "modelfleet",
  podMonitor: "modelfleet",
} as const;

/**
 * The names of a variant's objects. Deployment and Service are named by the ID, so that people find them. The variant
 * `default` has the names of a model without variants, so that such a model gets variants without a new object.
 */
export function modelNames(id: string, variant = DEFAULT_VARIANT): ModelNames {
  const name = variant === DEFAULT_VARIANT ? id : `${id}-${variant}`;
  return { deployment: name, service: name, secret: `${name}-env`, route: id, hostRoute: `${id}.host` };
}

/** A variant as people name it: `iris/candidate`, and `iris` for the variant `default`. */
export function variantTitle(id: string, variant = DEFAULT_VARIANT): string {
  return variant === DEFAULT_VARIANT ? id : `${id}/${variant}`;
}

/** A model as messages name it, with its variant unless that is `default`. */
export function modelTitle(id: string, variant = DEFAULT_VARIANT): string {
  return `model "${id}"${variant === DEFAULT_VARIANT ? "" : `, variant "${variant}"`}`;
}

/** The entry of `secrets` that every model gets, so no model may have this ID. */
export const SHARED = "defaults";

/** The rule that a model ID breaks; undefined if it breaks none. */
export function problemOfModelId(id: string): string | undefined {
  if (id.length > MAX_MODEL_ID_LENGTH) {
    return `is ${id.length} characters long; the name of a Service has at most ${MAX_MODEL_ID_LENGTH}`;
  }
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(id)) {
    return 'is not a valid model ID (lower-case letters, digits and "-"; starts with a letter, does not end with "-")';
  }
  if (id === SHARED) return "is reserved: `secrets.defaults` belongs to every model";
  const reserved = Object.values(modelNames(id)).find(isFleetName);
  return reserved === undefined
    ? undefined
    : `needs an object named "${reserved}", which is reserved for the fleet`;
}

/** Whether a name is reserved for one of the fleet's own objects. */
export function isFleetName(name: string): boolean {
  return fleetNames.has(name);
}

const fleetNames = new Set<string>(Object.values(FLEET_NAMES));

/** The valid model ID nearest to a typed one; undefined if there is none. */
export function nearestModelId(typed: string): string | undefined {
  const id = typed
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, MAX_MODEL_ID_LENGTH)
    .replace(/-+$/, "");
  return id === "" || id === typed || problemOfModelId(id) ? undefined : id;
}

/** The path of the address that all models share: what follows is the same as at OpenAI, so it is not stripped. */
export const OPENAI_PATH = "/v1";

/** Every path that leads to a model, its own first. */
export function modelPaths({
  path,
  aliases = [],
}: {
  readonly path: string;
  readonly aliases?: readonly string[];
}): string[] {
  return [path, ...aliases];
}

/** Host names on which the models answer, their own first; undefined stands for every host. */
export function hostsOf({
  host,
  additionalHosts = [],
}: {
  readonly host?: string | undefined;
  readonly additionalHosts?: readonly string[];
}): (string | undefined)[] {
  return [host, ...additionalHosts];
}

/** The path of a model behind the ingress controller, without a trailing slash. */
export function modelPath(pathPrefix: string, id: string): string {
  return `${pathPrefix === "/" ? "" : pathPrefix}/${id}`;
}
