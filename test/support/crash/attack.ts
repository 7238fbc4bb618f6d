import { setTimeout as sleep } from "node:timers/promises";
import { killProcesses, MARK, processesOf } from "../../../dev/cluster/processes";
import { duration } from "../../../lib/progress";
import { until } from "../../../lib/until";
import type { Random } from "../random";
import type { Workspace } from "../workspace";
import { beginOutage } from "./outage";
import { following, type Phase, Progress, type Update } from "./progress";

/** What is attacked: `pulumi`, any one of the update's processes, all of them at once, or the cluster's control plane. */
type Target = "pulumi" | "one" | "all" | "cluster";

/** An attack on an update. */
export interface Attack {
  /** The phase in which it is to come. */
  readonly moment: Exclude<Phase, "after">;
  readonly target: Target;
  /** When in that phase, from 0 to 1. */
  readonly when: number;
  /** Chooses among what is there at that moment, from 0 to 1. */
  readonly choice: number;
}

/** What an attack did. */
export interface Hit {
  readonly phase: Phase;
  /** What was killed or stopped, such as `pulumi-resource-kubernetes`; undefined if the update had ended before. */
  readonly victim: string | undefined;
  /** When, in milliseconds after the update's start. */
  readonly afterMs: number;
  /** How many lines about objects the update had printed. */
  readonly lines: number;
  /** What the update printed. */
  readonly text: string;
}

/** How long the phases of an update take, in milliseconds: what was seen last. */
export type Usual = Record<Attack["moment"], number>;

/** How long it takes at least to write the state, to copy it and to remove the lock, in milliseconds. */
const WRITING_MS = 50;

/** How long the phases of a whole update took. */
export async function usualOf(fleet: Workspace, start: (fleet: Workspace) => Update): Promise<Usual> {
  const usual = { before: 0, sending: 0, writing: WRITING_MS };
  const update = start(fleet);
  const progress = new Progress(update, fleet.stateFolder);
  const { exitCode, all } = await update;
  if (exitCode !== 0) throw new Error(`an update that nobody killed ended with ${exitCode}:\n${all}`);
  learn(usual, progress);
  return usual;
}

/** After which time an update that lost a process, or its cluster for a moment, counts as hanging, in milliseconds. */
const PATIENCE_MS = 180_000;

/** A random attack. @param onCluster Whether it may be one on the cluster's control plane. */
export function randomAttack(random: Random, moment: Attack["moment"], onCluster: boolean): Attack {
  const target = random.weighted<Target>([
    [4, "pulumi"],
    [5, "one"],
    [3, "all"],
    ...(onCluster ? [[2, "cluster"] as const] : []),
  ]);
  return { moment, target, when: random.next(), choice: random.next() };
}

/** Where an attack takes place. */
export interface Battlefield {
  readonly fleet: Workspace;
  /** The directory of the simulated cluster. */
  readonly cluster: string;
  readonly usual: Usual;
}

/** Starts an update, attacks it at the wanted moment, and waits until it has ended and the cluster answers. */
export async function attack(
  field: Battlefield,
  start: (marked: Workspace) => Update,
  { moment, target, when, choice }: Attack,
): Promise<Hit> {
  const { fleet, usual } = field;
  const update = start(fleet.with({ [MARK]: fleet.directory }));
  const progress = new Progress(update, fleet.stateFolder);
  await progress.reached(moment);
  await Promise.race([sleep(when * usual[moment]), progress.reached(following(moment))]);
  const { phase, lines, elapsedMs: afterMs } = progress;
  learn(usual, progress);
  const struck = phase === "after" ? NOTHING : await strike({ target, choice }, field, update);
  await untilEnded(update, field);
  await struck.over;
  if (target === "cluster") await untilReady(field);
  return { phase, lines, afterMs, victim: struck.victim, text: (await update).all };
}

/** What an attack struck, and when it is over. */
interface Struck {
  readonly victim: string | undefined;
  readonly over: Promise<void>;
}

const NOTHING: Struck = { victim: undefined, over: Promise.resolve() };

async function strike(
  { target, choice }: Pick<Attack, "target" | "choice">,
  { fleet, cluster }: Battlefield,
  update: Update,
): Promise<Struck> {
  if (target === "cluster") return beginOutage(cluster, choice);
  if (target === "pulumi" && update.spawnfile === "pulumi")
    return update.kill("SIGKILL") ? { ...NOTHING, victim: "pulumi" } : NOTHING;
  const processes = await processesOf(fleet.directory);
  const chosen = target === "pulumi" ? processes.filter(({ name }) => name === "pulumi") : processes;
  const one = chosen[Math.floor(choice * chosen.length)];
  for (const { pid } of target === "all" ? processes : [one ?? []].flat()) kill(pid);
  return { ...NOTHING, victim: target === "all" ? "all of them" : one?.name };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has just ended.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until no process updates the stack: `pulumi` goes on if only the command that started it was killed. */
async function untilEnded(update: Update, { fleet }: Battlefield): Promise<void> {
  const polling = { intervalMs: 100, timeoutMs: PATIENCE_MS };
  const hasEnded = await until(async () => {
    const processes =
      update.exitCode === null && update.signalCode === null ? [] : await processesOf(fleet.directory);
    return (
      (update.exitCode !== null || update.signalCode !== null) &&
      !processes.some(({ name }) => name === "pulumi")
    );
  }, polling);
  if (hasEnded) return;
  await killProcesses(fleet.directory);
  throw new Error(`the update did not end within ${duration(PATIENCE_MS)}:\n${(await update).all}`);
}

async function untilReady({ fleet }: Battlefield): Promise<void> {
  const isReady = async () => (await fleet.shell("kubectl get --raw /readyz")).exitCode === 0;
  if (!(await until(isReady, { intervalMs: 200, timeoutMs: PATIENCE_MS })))
    throw new Error("the API server does not answer after its outage");
}

/** Remembers how long the phases before the attack took. Of the last one it takes half: `pulumi` ends a while later. */
function learn(usual: Usual, progress: Progress): void {
  usual.before = progress.durationOf("before") ?? usual.before;
  usual.sending = progress.durationOf("sending") ?? usual.sending;
  usual.writing = Math.max(WRITING_MS, (progress.durationOf("writing") ?? usual.writing * 2) / 2);
}
