import type { ContenderName } from "./contender";
import type { Usage } from "./measure";

/** What is timed, in this order. */
export const PHASES = ["create", "add", "check"] as const;
export type Phase = (typeof PHASES)[number];

/** What a contender took for a fleet of one size: in one run, or the medians of several. */
export interface Summary {
  readonly contender: ContenderName;
  readonly models: number;
  /** What each phase took; a phase that the contender has no command for is missing. */
  readonly phases: Partial<Readonly<Record<Phase, Usage>>>;
}

/** One contender's run on a fleet of one size. */
export interface Run extends Summary {
  /** Why it did not get to its end. @default it did */
  readonly failure?: string;
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error("there is no median of nothing");
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Medians by size and contender, in the order in which these first appear. Runs that failed do not count. */
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

/** How much of the baseline's time this is; undefined where either was not measured. */
export function ratio(own: Usage | undefined, baseline: Usage | undefined): number | undefined {
  return own && baseline && baseline.seconds > 0 ? own.seconds / baseline.seconds : undefined;
}

/** What a further model costs between two sizes, in seconds. */
export interface Growth {
  readonly contender: ContenderName;
  readonly from: number;
  readonly to: number;
  readonly secondsPerModel: number;
  /** The same in processor time, which a busy machine disturbs less. */
  readonly cpuSecondsPerModel: number;
}

/** The cost of a further model, between each size and the next: where it stays the same, the cost is linear. */
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
