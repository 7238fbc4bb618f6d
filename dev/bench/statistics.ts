import type { ContenderName } from "./contender";
import type { Usage } from "./measure";

/** The measured phases, in their order. */
export const PHASES = ["create", "add", "check"] as const;
export type Phase = (typeof PHASES)[number];

/** A contender's times for one size of fleet: of one run, or the medians of several. */
export interface Summary {
  readonly contender: ContenderName;
  readonly models: number;
  /** The time of each phase; a phase is missing if the contender has no command for it. */
  readonly phases: Partial<Readonly<Record<Phase, Usage>>>;
}

/** One contender's run with one size of fleet. */
export interface Run extends Summary {
  /** Why the run failed. @default it succeeded */
  readonly failure?: string;
}

/** The middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error("an empty list has no median");
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Medians per size and contender, in the order of their first run. Failed runs do not count. */
export function summarize(runs: readonly Run[]): Summary[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    if (run.failure !== undefined) continue;
    const key = `${run.models} ${run.contender}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const phases = PHASES.flatMap((phase) => {
      const usages = group.flatMap((run) => run.phases[phase] ?? []);
      return usages.length === 0 ? [] : [[phase, medianUsage(usages)] as const];
    });
    return [{ contender: first.contender, models: first.models, phases: Object.fromEntries(phases) }];
  });
}

/** This time divided by the baseline's; undefined when one of the two was not measured. */
export function ratio(own: Usage | undefined, baseline: Usage | undefined): number | undefined {
  return own && baseline && baseline.seconds > 0 ? own.seconds / baseline.seconds : undefined;
}

/** The time that each additional model takes between two sizes, in seconds. */
export interface Growth {
  readonly contender: ContenderName;
  readonly from: number;
  readonly to: number;
  readonly secondsPerModel: number;
  /** The same in processor time, on which other load has less effect. */
  readonly cpuSecondsPerModel: number;
}

/** The time per additional model between each size and the next. If it is constant, the total time is linear. */
export function growth(summaries: readonly Summary[], phase: Phase): Growth[] {
  const contenders = [...new Set(summaries.map(({ contender }) => contender))];
  return contenders.flatMap((contender) => {
    const points = summaries
      .filter((summary) => summary.contender === contender && summary.phases[phase] !== undefined)
      .sort((a, b) => a.models - b.models);
    return points.slice(1).map((point, index) => {
      const before = points[index] as Summary;
      const perModel = (measure: keyof Usage) =>
        ((point.phases[phase]?.[measure] ?? 0) - (before.phases[phase]?.[measure] ?? 0)) /
        (point.models - before.models);
      return {
        contender,
        from: before.models,
        to: point.models,
        secondsPerModel: perModel("seconds"),
        cpuSecondsPerModel: perModel("cpuSeconds"),
      };
    });
  });
}

function medianUsage(usages: readonly Usage[]): Usage {
  return {
    seconds: median(usages.map(({ seconds }) => seconds)),
    cpuSeconds: median(usages.map(({ cpuSeconds }) => cpuSeconds)),
  };
}
