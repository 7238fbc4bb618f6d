import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { say, step } from "../../lib/progress";
import { killProcesses } from "../cluster/processes";
import { deleteNamespace, verifyFleet } from "./cluster-state";
import type { Bench, Contender, ContenderName } from "./contender";
import { modelIds } from "./fleet";
import { measure, type Usage } from "./measure";
import { type BenchOptions, repeatsFor } from "./options";
import type { Phase, Run } from "./statistics";

/** What a benchmark works with, from `withBench`. */
export interface RunContext {
  readonly bench: Bench;
  /** Folder of the benchmark's own. */
  readonly directory: string;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Measures every contender on every size, one after another on the same cluster. The order changes from round to
 * round, so that no one always goes first or always meets what another has left in caches. A contender that fails is
 * left out from then on.
 *
 * @param runs Gets each run as soon as it is over, so that those before an interrupt are not lost.
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
        if (failed.has(contender.name)) continue;
        const run = await runOne(contender, models, `${round} of ${rounds}`, context);
        if (run.failure !== undefined) failed.add(run.contender);
        runs.push(run);
      }
      turn += 1;
    }
  }
}

/** A list that begins at another place: `turn` places on. */
export function rotated<T>(list: readonly T[], turn: number): T[] {
  const start = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

async function runOne(
  contender: Contender,
  models: number,
  round: string,
  context: RunContext,
): Promise<Run> {
  const { bench, signal } = context;
  const { name } = contender;
  const namespace = `bench-${name}`;
  const directory = join(context.directory, name);
  const phases: Partial<Record<Phase, Usage>> = {};
  return step(`${models} models with ${name}, ${round}`, async (detail) => {
    try {
      await mkdir(directory, { recursive: true });
      const session = await contender.open(directory, namespace);
      const all = modelIds(models + 1);
      const first = all.slice(0, models);

      detail("from empty");
      await session.prepare(first, first);
      phases.create = await measure(session.apply, directory, signal);
      await verifyFleet(bench, namespace, models);

      detail("one model more");
      await session.prepare(all, all.slice(models));
      phases.add = await measure(session.apply, directory, signal);
      await verifyFleet(bench, namespace, models + 1);

      detail("nothing to change");
      if (session.check) phases.check = await measure([session.check], directory, signal);
      say(
        `  ${Object.entries(phases)
          .map(([phase, { seconds }]) => `${phase} ${seconds.toFixed(1)} s`)
          .join(", ")}`,
      );
      return { contender: name, models, phases };
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof Error ? error.message : String(error);
      say(`! ${name} is left out from here on: it ${failure}`);
      return { contender: name, models, phases, failure };
    } finally {
      detail("cleaning up");
      await killProcesses(directory);
      await rm(directory, { recursive: true, force: true });
      // Interrupted, the cluster goes as a whole.
      if (!signal.aborted) await deleteNamespace(bench, namespace);
    }
  });
}
