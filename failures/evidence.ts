import { pathOf, podsPath, replicaSetsPath } from "../fleet/objects";
import { variantOfObject } from "../fleet/owner";
import { type Api, unexpectedStatus } from "../kubernetes/api";
import { listObjects } from "../kubernetes/list";
import {
  type Condition,
  containerOf,
  culpritOf,
  type Event,
  isReady,
  isSameRevision,
  type Pod,
  secretNamesOf,
  timeOf,
} from "./pod";
import { reasonOf, refusalOf } from "./reason";
import { screenOf } from "./screen";

/** How many lines of a log are told, of how many characters, and how many bytes are read for them. */
const LOG_LINES = 10;
const LINE_CHARACTERS = 300;
const LOG_BYTES = 65_536;

/** What the API server knows about a Deployment that is not ready. No text in it has a secret value. */
export interface Evidence {
  /** What the Deployment serves, as the selector of its pods says. */
  readonly of: { readonly id: string; readonly variant: string };
  /** What answers requests meanwhile, as the end of a sentence. */
  readonly serving: string;
  readonly reason: string;
  /** Such as `pod iris-6f5-x2x, 1 of 2 that are not ready`; undefined if there is no pod. */
  readonly pod?: string;
  /** The last lines of the pod's log, or why there are none; undefined if its server never ran. */
  readonly log?: readonly string[];
}

interface Deployment {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly selector: { readonly matchLabels: Readonly<Record<string, string>> } };
  readonly status?: { readonly availableReplicas?: number; readonly conditions?: readonly Condition[] };
}

interface ReplicaSet {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly availableReplicas?: number };
}

const POD_HASH = "pod-template-hash";

/**
 * Asks the API server why a Deployment is not ready.
 *
 * @param secrets The fleet's secret values, which are hidden.
 * @returns undefined if the Deployment is gone, or ready meanwhile.
 */
export async function findEvidence(
  api: Api,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  secrets: readonly string[],
): Promise<Evidence | undefined> {
  const place = pathOf("deployment", namespace, name);
  const { status, body } = await api.get(place);
  if (status === 404) return undefined;
  if (status !== 200) throw unexpectedStatus(api, `get deployment ${name}`, status, body);
  const { metadata, spec, status: state = {} } = body as Deployment;
  const labels = spec.selector.matchLabels;
  const sets = await listObjects<ReplicaSet>(api, replicaSetsPath(namespace), { labels });
  const newest = sets.find((set) => isSameRevision(set.metadata, metadata));
  const hash = newest?.metadata.labels?.[POD_HASH];
  const podLabels = hash === undefined ? labels : { ...labels, [POD_HASH]: hash };
  const pods = await listObjects<Pod>(api, podsPath(namespace), { labels: podLabels });
  const unready = pods.filter((pod) => !isReady(pod) && pod.metadata.deletionTimestamp === undefined);
  const { id, variant } = variantOfObject({ labels });
  const of = { id: id || name, variant };
  const serving = servingOf(state.availableReplicas, newest?.status?.availableReplicas);
  const refusal = refusalOf(state.conditions ?? []);
  if (refusal !== undefined) return { of, serving, reason: screenOf(secrets)(refusal) };
  const pod = unready.toSorted((one, other) => restarts(other) - restarts(one))[0];
  if (pod === undefined) return undefined;
  const known = { api, namespace, secrets };
  return { of, serving, ...(await evidenceOfPod(pod, known)), pod: nameOf(pod, unready.length) };
}

function servingOf(all = 0, ofNewest = 0): string {
  if (all === 0) return "nothing of it serves";
  return ofNewest > 0 ? "its other pods serve" : "an earlier release of it goes on serving";
}

interface Known {
  readonly api: Api;
  readonly namespace: string;
  readonly secrets: readonly string[];
}

async function evidenceOfPod(pod: Pod, known: Known): Promise<Pick<Evidence, "reason" | "log">> {
  const { api, namespace, secrets } = known;
  const { name } = pod.metadata;
  const own = await secretsOfPod(pod, known);
  const screen = screenOf([...secrets, ...(own ?? [])]);
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${name}`;
  // The rest is worth telling without the events.
  const events = await listObjects<Event>(api, `/api/v1/namespaces/${namespace}/events`, {
    fieldSelector,
  }).catch(() => []);
  const reason = screen(
    reasonOf(
      pod,
      events.toSorted((one, other) => timeOf(one).localeCompare(timeOf(other))),
    ),
  );
  const { name: container, state = {}, lastState = {} } = culpritOf(pod);
  const ran = state.running ?? state.terminated ?? lastState.terminated;
  if (ran === undefined) return { reason };
  if (own === undefined)
    return { reason, log: ["(not shown: the pod's Secret cannot be read, so its values cannot be hidden)"] };
  // A container that runs again has the log of its new start; the one before tells why it ended.
  const previous = state.running !== undefined && lastState.terminated !== undefined;
  const log = await lastLines(known, name, { container, previous, screen });
  if (log !== EMPTY || previous) return { reason, log };
  // It may run again since it was looked at.
  const before = await lastLines(known, name, { container, previous: true, screen });
  return { reason, log: before === UNREADABLE ? log : before };
}

/** The values of the Secrets that a pod was started with, which may be former ones; undefined if they cannot be read. */
async function secretsOfPod(pod: Pod, { api, namespace }: Known): Promise<string[] | undefined> {
  const names = secretNamesOf(pod);
  const answers = await Promise.all(names.map((name) => api.get(pathOf("secret", namespace, name))));
  if (answers.some(({ status }) => status !== 200)) return undefined;
  return answers.flatMap(({ body }) => {
    const { data = {} } = body as { readonly data?: Readonly<Record<string, string>> };
    return Object.values(data).map((value) => Buffer.from(value, "base64").toString());
  });
}

const EMPTY: readonly string[] = ["(it is empty)"];
const UNREADABLE: readonly string[] = ["(it cannot be read)"];

interface LogOf {
  /** @default that of the pod with one */
  readonly container: string | undefined;
  readonly previous: boolean;
  readonly screen: (text: string) => string;
}

async function lastLines(
  { api, namespace }: Known,
  pod: string,
  { container, previous, screen }: LogOf,
): Promise<readonly string[]> {
  const query = new URLSearchParams({ tailLines: `${LOG_LINES}`, limitBytes: `${LOG_BYTES}` });
  if (container !== undefined) query.set("container", container);
  if (previous) query.set("previous", "true");
  const { status, body } = await api.getText(`${podsPath(namespace)}/${pod}/log?${query.toString()}`);
  if (status === 403) return ['(not shown: it needs the right "get" of "pods/log")'];
  if (status !== 200 || typeof body !== "string") return UNREADABLE;
  // Where the log was cut, a secret may be cut too.
  const whole = Buffer.byteLength(body) < LOG_BYTES ? body : body.slice(0, body.lastIndexOf("\n") + 1);
  const lines = screen(whole).trimEnd().split("\n");
  return lines[0] === "" && lines.length === 1 ? EMPTY : lines.map(shortened);
}

function shortened(line: string): string {
  return line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line;
}

function nameOf({ metadata }: Pod, unready: number): string {
  return `pod ${metadata.name}${unready > 1 ? `, one of ${unready} that are not ready` : ""}`;
}

function restarts(pod: Pod): number {
  return containerOf(pod).restartCount ?? 0;
}
