import { secretsInPlainText } from "../../config/plain-text";
import { readiness } from "../../config/settings/container";
import type { ContainerObject, DeploymentObject, PodSpec, ProbeObject } from "./objects";
import type { Remarks } from "./remarks";

/** How long a pod may take to start where a Deployment says nothing, in seconds: Kubernetes' own default. */
const PROGRESS_DEADLINE_SECONDS = 600;
/** The longest `startupSeconds`. */
const MAX_STARTUP_SECONDS = 7200;
/** How much longer than before a start may take. */
const START_SHARE = 3;

/** Fields of a pod that the settings do not have, and an update leaves as somebody else sets them. */
const BY_HAND = ["nodeSelector", "affinity", "tolerations", "priorityClassName", "runtimeClassName"] as const;

/** Says what of a Deployment's pods the settings cannot express. */
export function remarkOnPod(id: string, { spec }: DeploymentObject, remarks: Remarks): void {
  const pod = spec.template.spec;
  const { containers, initContainers = [] } = pod;
  if (containers.length > 1)
    remarks.problem(
      `its pods have ${containers.length} containers (${containers.map(({ name }) => name).join(", ")}), and a model has one; make one of them`,
    );
  if (initContainers.length > 0)
    remarks.problem("its pods have init containers, and a model has none; put their work into the image");
  if (pod.hostNetwork === true)
    remarks.problem(
      "its pods are on the node's network, which the fleet's pods may not be; give it a port of its own",
    );
  const [container] = containers;
  if (container !== undefined) remarkOnContainer(container, remarks);
  const { serviceAccountName: account = "default" } = pod;
  if (account !== "default")
    remarks.note(
      `its service account ${account} is not carried over: a server that needs it for the Kubernetes API or a cloud must get a key, as a secret`,
    );
  for (const field of BY_HAND) {
    if (isEmpty(pod[field])) continue;
    remarks.note(
      `its ${field} is not carried over; an update leaves what you add to the new Deployment: \`kubectl edit deployment ${id}\``,
    );
  }
  remarkOnRights(pod, remarks);
}

function remarkOnContainer({ command, workingDir, args }: ContainerObject, remarks: Remarks): void {
  if (workingDir !== undefined)
    remarks.problem(
      `its container has the working directory ${workingDir}, which the settings cannot say; set it in the image`,
    );
  if (secretsInPlainText({ catalog: { model: { command, args } } }).length > 0)
    remarks.problem(
      "its command or args hold a secret; put it into a variable of the old Deployment, and refer to it there as $(NAME)",
    );
}

function remarkOnRights({ securityContext, containers }: PodSpec, remarks: Remarks): void {
  const own = containers[0]?.securityContext;
  const user = own?.runAsUser ?? securityContext?.runAsUser;
  if (user === 0)
    remarks.note(
      "it runs as root, so it gets podSecurity: baseline, and the fleet's namespace must admit such pods; better give it another runAsUser",
    );
  if (own?.privileged === true || (own?.capabilities?.add ?? []).length > 0)
    remarks.note(
      "its privileges are not carried over: the fleet's pods pass the restricted Pod Security Standard",
    );
}

/** How a container says that it is ready, as settings; only what it says. */
export function readinessOf(
  { readinessProbe, startupProbe, livenessProbe }: ContainerObject,
  defaultPath: string,
  remarks: Remarks,
): Record<string, unknown> {
  const path = [readinessProbe, startupProbe, livenessProbe].find((probe) => probe?.httpGet)?.httpGet?.path;
  if (path === undefined)
    remarks.note(
      `it has no HTTP probe: ${defaultPath} must answer 200 when it can predict, or set readiness.path; otherwise the update fails, and the old pods go on`,
    );
  if (readinessProbe?.httpGet?.scheme === "HTTPS")
    remarks.problem("its server speaks HTTPS, and models speak HTTP");
  const { periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = readinessProbe ?? {};
  const times = readinessProbe && { periodSeconds, timeoutSeconds, failureThreshold };
  return { ...(path !== undefined && { path: path || "/" }), ...times };
}

/** What restarts a container, as settings; undefined if it is not an HTTP probe. */
export function livenessOf({ livenessProbe }: ContainerObject): Record<string, unknown> | undefined {
  const path = livenessProbe?.httpGet?.path;
  if (livenessProbe === undefined || path === undefined) return undefined;
  const { periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = livenessProbe;
  return { path, periodSeconds, timeoutSeconds, failureThreshold };
}

/** What is known about the start of a pod, in seconds. */
export interface StartTimes {
  /** How long the slowest pod took. @default not known */
  readonly startedIn: number | undefined;
  /** `progressDeadlineSeconds`. @default that of Kubernetes */
  readonly deadline: number | undefined;
  /** The setting of every model. */
  readonly otherwise: number;
}

/**
 * How long a pod may take to start, in seconds: as its startup probe says, otherwise three times as long as its pods took,
 * since the fleet restarts a pod that is later. An update waits that long for a pod that cannot start.
 */
export function startupSecondsOf(
  { startupProbe }: Pick<ContainerObject, "startupProbe">,
  { startedIn, deadline = PROGRESS_DEADLINE_SECONDS, otherwise }: StartTimes,
): number {
  const longest = Math.max(deadline, otherwise);
  const needed = startedIn === undefined ? longest : Math.ceil(START_SHARE * startedIn);
  const seconds = startupProbe ? budgetOf(startupProbe) : Math.min(Math.max(needed, otherwise), longest);
  return Math.min(Math.max(1, seconds), MAX_STARTUP_SECONDS);
}

function budgetOf({
  initialDelaySeconds = 0,
  periodSeconds = 10,
  failureThreshold = 3,
}: ProbeObject): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || Object.keys(value as object).length === 0;
}

/** The path that is asked where no setting says otherwise. */
export const DEFAULT_READINESS_PATH = readiness.parse({}).path;
