import { SAME_AS_POD, unless } from "../pod-settings";
import type { ContainerObject, PodSpec, PortObject } from "./objects";
import type { Draft } from "./remarks";
import { numberOf } from "./routes";

/**
 * What becomes of each field of an old Deployment. Nothing is left out without a word: a field of a pod or of a container
 * that is in no table, such as one of a newer Kubernetes, goes to `podSpec` as it is.
 */

type Carry = (value: unknown, draft: Draft, field: string) => void;

/** By code of its own, with other fields. */
const elsewhere: Carry = () => undefined;
const bySetting: Carry = (value, draft, field) => void (draft.settings[field] = value);
const byPodSpec: Carry = (value, draft, field) => draft.addToPod(field, value);
const overContainer: Carry = (value, draft, field) => draft.addToContainer(field, value);

const notCarried =
  (why: string): Carry =>
  (_value, draft, field) =>
    draft.note(`its ${field} is not carried over: ${why}`);

/** Fields by which the pods would be the node's own. */
const ofTheNode = (what: string): Carry =>
  unless(false, (_value, draft) =>
    draft.problem(`its pods are ${what}, which the fleet's pods may not be; ${NO_NODE}`),
  );
const NO_NODE = "change that in the old Deployment first";

/** Why no container says the end of its log when it fails. */
export const LOG_IN_STATE =
  "a log may hold a secret, and the state of the stack has what a container says at its end";

const carryStrategy: Carry = (value, draft) => {
  const { type, rollingUpdate } = value as { readonly type?: string; readonly rollingUpdate?: object };
  const { maxSurge, maxUnavailable } = { maxSurge: "25%", maxUnavailable: "25%", ...rollingUpdate };
  if (type === "Recreate") draft.settings["deploymentStrategy"] = { type };
  // What the API server writes where nobody says anything.
  else if (maxSurge !== "25%" || maxUnavailable !== "25%")
    draft.settings["deploymentStrategy"] = { maxSurge, maxUnavailable };
};

const DEPLOYMENT_FIELDS: Readonly<Record<string, Carry>> = {
  replicas: elsewhere,
  template: elsewhere,
  progressDeadlineSeconds: elsewhere,
  // The new Deployment selects pods of its own.
  selector: elsewhere,
  // How many old ReplicaSets are kept: no pod depends on it.
  revisionHistoryLimit: elsewhere,
  strategy: carryStrategy,
};

const POD_FIELDS: Readonly<Record<string, Carry>> = {
  ...Object.fromEntries(
    [
      "containers",
      "initContainers",
      "volumes",
      "securityContext",
      "imagePullSecrets",
      "terminationGracePeriodSeconds",
      "affinity",
      "topologySpreadConstraints",
      "resourceClaims",
      // Another name of `serviceAccountName`.
      "serviceAccount",
    ].map((field) => [field, elsewhere]),
  ),
  ...Object.fromEntries(
    SAME_AS_POD.filter(
      (field) => !["affinity", "topologySpreadConstraints", "resourceClaims"].includes(field),
    ).map((field) => [field, bySetting]),
  ),
  serviceAccountName: unless("default", bySetting),
  automountServiceAccountToken: unless(false, byPodSpec),
  enableServiceLinks: unless(false, byPodSpec),
  restartPolicy: unless("Always", byPodSpec),
  dnsPolicy: unless("ClusterFirst", byPodSpec),
  schedulerName: unless("default-scheduler", byPodSpec),
  hostNetwork: unless(false, (_value, draft) =>
    draft.problem(
      "its pods are on the node's network (hostNetwork), which the fleet's pods may not be; give it a port of its own",
    ),
  ),
  hostPID: ofTheNode("among the node's processes (hostPID)"),
  hostIPC: ofTheNode("in the node's shared memory (hostIPC)"),
};

type Ports = readonly PortObject[];

/** @param ports The container's, whose names the new one does not have. */
const carryLifecycle =
  (ports: Ports): Carry =>
  (value, draft, field) => {
    const { preStop, ...hooks } = value as Readonly<Record<string, unknown>>;
    const others = mapped(hooks, (hook) => mapped({ ...hook }, (asked) => withNumber(asked, ports)));
    if (preStop !== undefined)
      draft.note(
        "its lifecycle.preStop is not carried over: the fleet has one of its own, by which a pod serves until it is out of the routes; drainSeconds says how long requests may take to end",
      );
    if (Object.keys(others).length > 0) draft.addToContainer(field, others);
  };

/** What a hook asks, with the number of its port. */
function withNumber(asked: object, ports: Ports): object {
  const { port } = asked as { readonly port?: number | string };
  return port === undefined ? asked : { ...asked, port: numberOf(port, ports) ?? port };
}

const carryPorts: Carry = (value, draft) => {
  for (const port of value as Ports)
    if (port.hostPort !== undefined)
      draft.note(
        `its port ${port.hostPort} of the node (hostPort) is not carried over: clients of it must use the route`,
      );
};

const CONTAINER_FIELDS: Readonly<Record<string, Carry>> = {
  ...Object.fromEntries(
    [
      ...["name", "image", "imagePullPolicy", "command", "args", "env", "envFrom", "resources"],
      ...["readinessProbe", "livenessProbe", "startupProbe", "volumeMounts", "volumeDevices"],
      "securityContext",
    ].map((field) => [field, elsewhere]),
  ),
  ports: carryPorts,
  terminationMessagePath: unless("/dev/termination-log", overContainer),
  terminationMessagePolicy: unless("File", notCarried(LOG_IN_STATE)),
};

/** Carries over what of a Deployment is not its pods. */
export function carryDeployment(spec: object, draft: Draft): void {
  carryFields(DEPLOYMENT_FIELDS, spec, draft, notCarried("no setting has it"));
}

/** Carries over the fields of a pod, but those with code of their own. */
export function carryPod(pod: PodSpec, draft: Draft): void {
  carryFields(POD_FIELDS, pod, draft, byPodSpec);
  const { serviceAccountName: account = "default", automountServiceAccountToken: mounts } = pod;
  if (account !== "default" && mounts === undefined)
    draft.note(
      `its service account ${account} is carried over, but its token is not mounted: if the server calls the Kubernetes API, set podSpec.automountServiceAccountToken to true in catalog.${draft.id}`,
    );
}

/** Carries over the fields of the server's container, but those with code of their own. */
export function carryContainer(container: ContainerObject, draft: Draft): void {
  const table = { ...CONTAINER_FIELDS, lifecycle: carryLifecycle(container.ports ?? []) };
  carryFields(table, container, draft, overContainer);
}

function carryFields(
  table: Readonly<Record<string, Carry>>,
  object: object,
  draft: Draft,
  otherwise: Carry,
): void {
  for (const [field, value] of Object.entries(object))
    if (!isEmpty(value)) (table[field] ?? otherwise)(value, draft, field);
}

/** Whether a field says nothing: the API server writes some as empty maps. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** What the API server writes into containers, ports, variables, volumes and mounts where nobody says anything else. */
const WRITTEN: Readonly<Record<string, unknown>> = {
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  protocol: "TCP",
  apiVersion: "v1",
  divisor: "0",
  defaultMode: 0o644,
  optional: false,
  medium: "",
  readOnly: false,
  subPath: "",
  mountPropagation: "None",
  recursiveReadOnly: "Disabled",
};

/** One of these without such fields. */
export function withoutWritten<T extends object>(object: T): Partial<T> {
  const { image, reference = image } = object as { readonly image?: unknown; readonly reference?: unknown };
  const pull = pullPolicyOf(reference);
  const written: Readonly<Record<string, unknown>> = { ...WRITTEN, imagePullPolicy: pull, pullPolicy: pull };
  const own = Object.entries(object).filter(([key, value]) => !(key in written) || value !== written[key]);
  return Object.fromEntries(own) as Partial<T>;
}

/** When an image is pulled unless somebody says otherwise. @see https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting */
export function pullPolicyOf(image: unknown): string {
  const text = typeof image === "string" ? image : "";
  const isLatest = !text.includes("@") && !/:(?!latest$)[^/:]+$/.test(text);
  return isLatest ? "Always" : "IfNotPresent";
}

/** A map whose values that are maps are changed. */
export function mapped(
  map: Readonly<Record<string, unknown>>,
  change: (one: object) => object,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null && !isEmpty(value) ? change(value) : value,
    ]),
  );
}
