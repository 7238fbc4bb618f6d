import { SERVER } from "../fleet/names";
import {
  type Condition,
  containerOf,
  culpritOf,
  type Event,
  isHeldUp,
  type Pod,
  type Terminated,
  timeOf,
  unfinishedOf,
} from "./pod";

/** The last warning event that is about a probe: its message begins with "Readiness probe failed". */
const PROBE_FAILED = "Unhealthy";

/**
 * Why a pod is not ready, as Kubernetes says it: its reason and its message.
 *
 * @param events Of the pod, the oldest first.
 */
export function reasonOf(pod: Pod, events: readonly Event[]): string {
  const container = culpritOf(pod);
  const { state = {}, lastState = {}, restartCount = 0 } = container;
  const which = container === containerOf(pod) ? "container" : `container ${container.name ?? ""}`;
  const warnings = events.filter(({ type }) => type === "Warning");
  const { waiting } = state;
  if (waiting !== undefined && isHeldUp(container) && waiting.reason !== "CrashLoopBackOff")
    return which === "container" ? said(waiting) : `${said(waiting)} (${which})`;
  const ended = state.terminated ?? lastState.terminated;
  const killing = ended && killingOf(ended, container.name, events);
  const kind = killing && KILLED.exec(killing.message ?? "")?.[2];
  const probe = warnings.findLast(
    ({ reason, message = "" }) =>
      reason === PROBE_FAILED && (kind === undefined || message.toLowerCase().startsWith(kind)),
  );
  // Of a container that one of its probes ended, the exit code says nothing about the cause.
  const wasStopped = killing !== undefined || (ended && isSignal(ended) && probe !== undefined);
  if (ended !== undefined && !wasStopped) {
    const times =
      restartCount > 0 ? `, restarted ${restartCount === 1 ? "once" : `${restartCount} times`}` : "";
    return `its ${which} ended with exit code ${ended.exitCode} (${said(ended)})${times}`;
  }
  if (container === unfinishedOf(pod)) return `its ${which} has not ended yet, and the server waits for it`;
  const failed = probe ?? killing;
  if (failed !== undefined) return said(failed);
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") return said(scheduled);
  const warning = warnings.at(-1);
  return warning === undefined ? "it has not become ready, and Kubernetes gives no reason" : said(warning);
}

/** Whether a signal ended a container: SIGKILL or SIGTERM. */
function isSignal({ reason, exitCode }: Terminated): boolean {
  return [137, 143].includes(exitCode) && reason !== "OOMKilled";
}

/**
 * What the kubelet says when it ends a container because a probe failed.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions
 */
const KILLED = /^(?:Init c|C)ontainer (\S+) failed (startup|liveness) probe/;

/** Reasons that tell the cause themselves. */
const CAUSES = ["OOMKilled", "StartError", "ContainerCannotRun"];

/** The event about the probe that ended a container; undefined if the container ended by itself. */
function killingOf(
  { reason = "", exitCode, startedAt }: Terminated,
  name = SERVER,
  events: readonly Event[],
): Event | undefined {
  if (CAUSES.includes(reason)) return undefined;
  return events.findLast(
    (event) =>
      event.reason === "Killing" &&
      KILLED.exec(event.message ?? "")?.[1] === name &&
      // Not an earlier start of it. A server that is asked to end has the exit code 0, and after some restarts the kubelet
      // leaves most of these events out.
      (exitCode === 0 || timeOf(event) >= (startedAt ?? "")),
  );
}

/** The sentence of the API server that refuses to create pods: a quota, a LimitRange, an admission policy. */
export function refusalOf(conditions: readonly Condition[]): string | undefined {
  const refused = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  return refused && `the API server refuses its pods: ${said(refused)}`;
}

function said({
  reason = "",
  message = "",
}: {
  readonly reason?: string;
  readonly message?: string;
}): string {
  return [reason, message.trim()].filter((text) => text !== "").join(": ") || "no reason given";
}

/** What to do, by a pattern of the reason. `<at>` is the path of the model's settings. */
const FIXES: readonly [pattern: RegExp, fix: string][] = [
  [/exceeded quota|failed quota/, "lower <at>.resources, or ask for a larger quota"],
  [/usage per (Container|Pod)|limit to request ratio/, "set <at>.resources to what the LimitRange allows"],
  [/refuses its pods/, "change the setting that it names, or ask who made that rule"],
  [
    /(ErrImage|ImagePull).*(unauthorized|denied|forbidden|40[13]|credential)/is,
    "set `registry`, or correct <at>.image",
  ],
  [/ErrImage|ImagePull|InvalidImageName|ImageInspect/, "correct <at>.image"],
  [
    /runAsNonRoot|non-numeric user|run as root/,
    "set <at>.runAsUser to a user ID other than 0, or <at>.podSecurity to baseline",
  ],
  [/OOMKilled/, "raise <at>.resources.limits.memory"],
  [/nodes are available|Insufficient/, "lower <at>.resources.requests, or add nodes"],
  [
    /probe failed.*connection refused/is,
    "if the server needs longer, raise <at>.startupSeconds; it must listen on <at>.port on every address",
  ],
  [/probe failed.*statuscode: 4/is, "correct <at>.readiness.path"],
  [/probe failed.*(deadline exceeded|timeout)/is, "raise <at>.readiness.timeoutSeconds"],
  [/probe failed|failed \w+ probe|no reason/is, "if the server needs longer, raise <at>.startupSeconds"],
  [/has not ended yet/, "if it needs longer, as for a large download, raise <at>.startupSeconds"],
  [/^its container (\S+ )?ended/, "correct <at> as its log says"],
  [/^Failed|^Network/, "ask who runs the cluster: the node cannot start the pod"],
];

/** What to do next. @param at Path of the settings, such as `catalog.iris`. */
export function fixOf(reason: string, at: string): string {
  const [, fix = "correct <at>"] = FIXES.find(([pattern]) => pattern.test(reason)) ?? [];
  return fix.replaceAll("<at>", at);
}
