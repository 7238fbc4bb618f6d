import { isDeepStrictEqual } from "node:util";
import { readiness } from "../../config/settings/container";
import type { ContainerObject, ProbeObject } from "./objects";
import type { Draft } from "./remarks";
import { numberOf } from "./routes";

/** How long a pod may take to start where a Deployment says nothing, in seconds: Kubernetes' own default. */
const PROGRESS_DEADLINE_SECONDS = 600;
/** The longest `startupSeconds`. */
const MAX_STARTUP_SECONDS = 7200;
/** How much longer than before a start may take. */
const START_SHARE = 3;

/** How a probe asks; each has one. */
const HANDLERS = ["httpGet", "exec", "tcpSocket", "grpc"] as const;

/** Removes what the fleet's own probe asks, whatever the model's protocol is. */
const NO_QUESTION = { httpGet: null, grpc: null } as const;

type Handler = Readonly<Partial<Record<(typeof HANDLERS)[number], unknown>>>;

/** The server, and the port of the model's requests. */
interface Server {
  readonly container: ContainerObject;
  readonly port: number | undefined;
}

/**
 * Carries over how a container says that it is ready, and what restarts it. A probe that asks something else than a path on
 * the model's port stays what it was, by `podSpec`.
 *
 * @param defaultPath The path that is asked where the container has no probe.
 */
export function carryProbes(server: Server, defaultPath: string, draft: Draft): void {
  const { readinessProbe, livenessProbe, startupProbe } = server.container;
  draft.settings["readiness"] = readinessOf(server, defaultPath, draft);
  draft.settings["liveness"] = livenessProbe && {
    path: pathOf(livenessProbe, server)?.path,
    ...timesOf(livenessProbe),
  };
  const asked = readinessProbe && specialOf(readinessProbe, server);
  // The fleet asks the same until the pod has started, and then whether it is ready.
  if (asked !== undefined)
    for (const probe of ["startupProbe", "readinessProbe"])
      draft.addToContainer(probe, { ...NO_QUESTION, ...asked });
  carryStart(server, draft);
  const lives = livenessProbe && specialOf(livenessProbe, server);
  if (lives !== undefined && !isPortOpen(livenessProbe, server))
    draft.addToContainer("livenessProbe", { ...NO_QUESTION, tcpSocket: null, ...lives });
  const probes = { startupProbe, readinessProbe, livenessProbe };
  if (Object.values(probes).some((probe) => isHttps(probe, server)))
    draft.problem("its server speaks HTTPS, and models speak HTTP");
  for (const [probe, value] of Object.entries(probes)) {
    const more = moreOf(value);
    if (Object.keys(more).length > 0) draft.addToContainer(probe, more);
  }
}

/** Carries over what a startup probe asks, if it is not what the readiness probe asks, and how long it waits for the answer. */
function carryStart(server: Server, draft: Draft): void {
  const { startupProbe, readinessProbe } = server.container;
  if (startupProbe === undefined) return;
  const { path } = draft.settings["readiness"] as { readonly path?: string };
  const { path: ownPath } = pathOf(startupProbe, server) ?? {};
  const found =
    ownPath === undefined
      ? specialOf(startupProbe, server)
      : { httpGet: { path: ownPath, port: server.port ?? startupProbe.httpGet?.port } };
  const ready = readinessProbe && specialOf(readinessProbe, server);
  const isSame =
    found === undefined ||
    (ownPath === undefined ? isDeepStrictEqual(found, ready) : ready === undefined && ownPath === path);
  if (!isSame)
    draft.addToContainer("startupProbe", {
      ...Object.fromEntries(HANDLERS.filter((kind) => kind in (ready ?? {})).map((kind) => [kind, null])),
      ...NO_QUESTION,
      ...found,
    });
  const { timeoutSeconds } = timesOf(startupProbe);
  if (readinessProbe === undefined ? !isSame : timeoutSeconds !== timesOf(readinessProbe).timeoutSeconds)
    draft.addToContainer("startupProbe", { timeoutSeconds });
}

function isHttps(probe: ProbeObject | undefined, server: Server): boolean {
  return probe?.httpGet?.scheme === "HTTPS" && isOwnPort(probe.httpGet.port, server);
}

function readinessOf(server: Server, defaultPath: string, draft: Draft): Record<string, unknown> {
  const { readinessProbe, startupProbe, livenessProbe } = server.container;
  // Without one that says when it is ready, any other path that answers.
  const probes = readinessProbe === undefined ? [startupProbe, livenessProbe] : [readinessProbe];
  const [known] = probes.flatMap((probe) => (probe && pathOf(probe, server)) ?? []);
  if (known === undefined && (readinessProbe === undefined || handlerOf(readinessProbe) === undefined))
    draft.note(
      `it has no HTTP probe: ${defaultPath} must answer 200 when it can predict, or set readiness.path; otherwise the update fails, and the old pods go on`,
    );
  return { ...known, ...(readinessProbe && timesOf(readinessProbe)) };
}

function timesOf({ periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 }: ProbeObject) {
  return { periodSeconds, timeoutSeconds, failureThreshold };
}

/** The path that a probe asks on the model's port; undefined for any other probe. */
function pathOf({ httpGet }: ProbeObject, server: Server): { readonly path: string } | undefined {
  if (httpGet === undefined || !isOwnPort(httpGet.port, server)) return undefined;
  const isPlain = Object.keys(httpGet).every((key) => ["path", "port", "scheme"].includes(key));
  return isPlain ? { path: httpGet.path || "/" } : undefined;
}

/** What a probe asks that is no such path; undefined for one that says nothing of it. */
function specialOf(probe: ProbeObject, server: Server): Handler | undefined {
  const found = pathOf(probe, server) === undefined ? handlerOf(probe) : undefined;
  if (found === undefined) return undefined;
  const [kind, value] = found;
  const { port } = value;
  // The new container has no name for this port.
  const number = numberOf(port as number | string | undefined, server.container.ports ?? []) ?? port;
  return { [kind]: { ...value, ...(port !== undefined && { port: number }) } };
}

function handlerOf(probe: ProbeObject): [kind: string, value: Readonly<Record<string, unknown>>] | undefined {
  const kind = HANDLERS.find((one) => probe[one] !== undefined);
  return kind && [kind, probe[kind] as Readonly<Record<string, unknown>>];
}

/** Whether a probe asks only if the model's port accepts connections, as the fleet does by itself. */
function isPortOpen(probe: ProbeObject | undefined, server: Server): boolean {
  return (
    probe?.tcpSocket !== undefined &&
    Object.keys(probe.tcpSocket).every((key) => key === "port") &&
    isOwnPort(probe.tcpSocket.port, server)
  );
}

function isOwnPort(port: number | string | undefined, { container, port: own }: Server): boolean {
  const number = numberOf(port, container.ports ?? []);
  return port === undefined || own === undefined || number === own;
}

/** Fields of a probe that settings say, or `podSpec` by code of its own. `startupSeconds` takes the place of a first delay. */
const SAID = [...HANDLERS, ...["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold"]];

/** What a probe says besides its question and its times. */
function moreOf(probe: ProbeObject = {}): object {
  const more = Object.entries(probe).filter(([key]) => !SAID.includes(key));
  return Object.fromEntries(more.filter(([key, value]) => key !== "successThreshold" || value !== 1));
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

/** The path that is asked where no setting says otherwise. */
export const DEFAULT_READINESS_PATH = readiness.parse({}).path;
