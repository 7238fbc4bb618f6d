import { BASELINE, type ContenderName } from "./contender";
import type { Times } from "./phase";

/** The measured phases, in their order. */
export const PHASES = ["create", "add", "check"] as const;
export type Phase = (typeof PHASES)[number];

/** One contender's run with one size of fleet. */
export interface Run {
  readonly contender: ContenderName;
  readonly models: number;
  /** Counts from 1. In one round every contender runs once, one after another. */
  readonly round: number;
  /** A phase is missing if the contender has no command for it. */
  readonly phases: Readonly<Partial<Record<Phase, Times>>>;
  /** Why the run failed. @default it succeeded */
  readonly failure?: string;
}

/** A figure of several rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** What is known of a phase: its times, and `ratio`, the contender's time divided by that of modelfleet. */
export type Figure = Exclude<keyof Times, "cpuBy"> | "ratio";
export type Figures = Readonly<Partial<Record<Figure, Spread>>>;

/** A contender's figures for one size of fleet. */
export interface Summary {
  readonly contender: ContenderName;
  readonly models: number;
  readonly rounds: number;
  readonly phases: Readonly<Partial<Record<Phase, Figures>>>;
}

/** The median, the smallest and the largest value. The median of an even number is the mean of the two in the middle. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (min === undefined || max === undefined || upper === undefined)
    throw new Error("an empty list has no median");
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
  return { median, min, max };
}

/** Figures per size and contender, in the order of their first run. Failed runs do not count. */
export function summarize(runs: readonly Run[]): Summary[] {
  const succeeded = runs.filter(({ failure }) => failure === undefined);
  const groups = new Map<string, Run[]>();
  for (const run of succeeded) {
    const key = `${run.models} ${run.contender}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { contender, models } = first;
    const phases = PHASES.flatMap((phase) => {
      const all = group.flatMap((run) => withRatio(run, phase, succeeded) ?? []);
      return all.length === 0 ? [] : [[phase, figures(all)] as const];
    });
    return [{ contender, models, rounds: group.length, phases: Object.fromEntries(phases) }];
  });
}

/** A phase's times, and its ratio to modelfleet's run of the same round: the machine was then in the same state. */
function withRatio(
  run: Run,
  phase: Phase,
  runs: readonly Run[],
): Partial<Record<Figure, number>> | undefined {
  const times = run.phases[phase];
  if (times === undefined) return undefined;
  const baseline = runs.find(
    ({ contender, models, round }) => contender === BASELINE && models === run.models && round === run.round,
  )?.phases[phase];
  return { ...times, ...(baseline && { ratio: total(times) / total(baseline) }) };
}

/** The time of a phase as a whole. */
function total({ ready, returned }: Times): number {
  return ready ?? returned;
}

const FIGURES = [
  "returned",
  "available",
  "ready",
  "cpu",
  "memory",
  "controlPlaneCpu",
  "ratio",
] as const satisfies Figure[];

function figures(all: readonly Partial<Record<Figure, number>>[]): Figures {
  const spreads = FIGURES.flatMap((figure) => {
    const values = all.flatMap((one) => one[figure] ?? []);
    return values.length === 0 ? [] : [[figure, spread(values)] as const];
  });
  return Object.fromEntries(spreads);
}

/** The time that each additional model takes from empty, between two sizes, in seconds. */
export interface Growth {
  readonly contender: ContenderName;
  readonly from: number;
  readonly to: number;
  readonly secondsPerModel: number;
  /** The same in processor time, on which other load has less effect. */
  readonly cpuSecondsPerModel: number;
}

/** The time per additional model between each size and the next. If it is constant, the total time is linear. */
export function growth(summaries: readonly Summary[]): Growth[] {
  const contenders = [...new Set(summaries.map(({ contender }) => contender))];
  return contenders.flatMap((contender) => {
    const points = summaries
      .filter((summary) => summary.contender === contender && summary.phases.create !== undefined)
      .sort((a, b) => a.models - b.models);
    return points.slice(1).map((point, index) => {
      const before = points[index] as Summary;
      const of = ({ phases }: Summary, figure: Figure) => phases.create?.[figure]?.median ?? 0;
      const perModel = (figure: Figure) =>
        (of(point, figure) - of(before, figure)) / (point.models - before.models);
      return {
        contender,
        from: before.models,
        to: point.models,
        secondsPerModel: perModel("ready"),
        cpuSecondsPerModel: perModel("cpu"),
      };
    });
  });
}
