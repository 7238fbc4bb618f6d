import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { say, step } from "../../lib/progress";
import { killProcesses } from "../cluster/processes";
import { deleteNamespace, verifyFleet } from "./cluster-state";
import type { Bench, Contender, ContenderName, Session } from "./contender";
import { modelIds } from "./fleet";
import { type BenchOptions, isMeasured, repeatsFor } from "./options";
import { type Instruments, measureApply, measureCheck, type Times } from "./phase";
import { type ReadinessWatch, watchDeployments } from "./readiness";
import type { Phase, Run } from "./statistics";

type Phases = Partial<Record<Phase, Times>>;

/** The context of a benchmark, from `withBench`. */
export interface RunContext {
  readonly bench: Bench;
  /** The benchmark's own folder. */
  readonly directory: string;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Measures every contender with every size, one after another on the same cluster. The order changes from round to
 * round, so that caches do not always favour the same contender. A contender that fails is left out from then on.
 *
 * @param runs Gets each run as soon as it ends, so that an interrupt does not lose the earlier ones.
 */
export async function runAll(
  contenders: readonly Contender[],
  options: BenchOptions,
  context: RunContext,
  runs: Run[],
): Promise<void> {
  const failed = new Set<ContenderName>();
  let turn = 0;
  for (const models of options.models) {
    const rounds = repeatsFor(models, options);
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of rotated(contenders, turn)) {
        if (failed.has(contender.name) || !isMeasured(contender.name, models, options)) continue;
        const run = await runOne(contender, models, { round, rounds }, context);
        if (run.failure !== undefined) failed.add(run.contender);
        runs.push(run);
      }
      turn += 1;
    }
  }
}

/** The list rotated to the left by `turn` places. */
export function rotated<T>(list: readonly T[], turn: number): T[] {
  const start = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** One contender's run with one size of fleet, in a namespace and a folder of its own. */
async function runOne(
  contender: Contender,
  models: number,
  { round, rounds }: { readonly round: number; readonly rounds: number },
  context: RunContext,
): Promise<Run> {
  const { bench, signal } = context;
  const { name } = contender;
  const namespace = `bench-${name}`;
  const directory = join(context.directory, name);
  const phases: Phases = {};
  const run = { contender: name, models, round, phases };
  let watch: ReadinessWatch | undefined;
  return step(`${models} models with ${name}, ${round} of ${rounds}`, async (detail) => {
    try {
      await mkdir(directory, { recursive: true });
      const session = await contender.open(directory, namespace);
      watch = await watchDeployments(bench, namespace);
      await measurePhases(session, models, { bench, directory, namespace, watch, signal, detail }, phases);
      say(`  ${Object.entries(phases).map(inWords).join("; ")}`);
      return run;
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof Error ? error.message : String(error);
      say(`! ${name} is left out from here on: it ${failure}`);
      return { ...run, failure };
    } finally {
      detail("cleaning up");
      await watch?.stop();
      await killProcesses(directory);
      await rm(directory, { recursive: true, force: true });
      await deleteNamespace(bench, namespace, signal);
    }
  });
}

function inWords([phase, { returned, ready }]: readonly [string, Times]): string {
  const end = ready === undefined ? "" : `, ready ${ready.toFixed(1)} s`;
  return `${phase}: returned ${returned.toFixed(1)} s${end}`;
}

interface Measurement extends Instruments {
  readonly namespace: string;
  readonly detail: (text: string) => void;
}

/** @param phases Gets each phase as soon as it is measured, so that a failure keeps the earlier ones. */
async function measurePhases(
  session: Session,
  models: number,
  measurement: Measurement,
  phases: Phases,
): Promise<void> {
  const { bench, namespace, detail } = measurement;
  const all = modelIds(models + 1);
  const first = all.slice(0, models);

  detail("from empty");
  await session.prepare(first, first);
  phases.create = await measureApply(session.apply, models, measurement);
  await verifyFleet(bench, namespace, models);

  detail("one model more");
  await session.prepare(all, all.slice(models));
  phases.add = await measureApply(session.apply, models + 1, measurement);
  await verifyFleet(bench, namespace, models + 1);

  detail("nothing to change");
  if (session.check) phases.check = await measureCheck(session.check, measurement);
}
