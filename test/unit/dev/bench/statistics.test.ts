import { describe, expect, test } from "vitest";
import type { Times } from "../../../../dev/bench/phase";
import { growth, type Phase, type Run, spread, summarize } from "../../../../dev/bench/statistics";

const run = (
  contender: Run["contender"],
  round: number,
  phases: Partial<Record<Phase, Times>>,
  models = 10,
): Run => ({ contender, models, round, phases });

const times = (ready: number, cpu = 0): Times => ({ returned: 0.5, available: ready, ready, cpu });
const one = (value: number) => ({ median: value, min: value, max: value });

describe("spread", () => {
  test("is the middle, the smallest and the largest value, in any order of the values", () => {
    expect(spread([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  });

  test("has the mean of the two middle values of an even number of values as its median", () => {
    expect(spread([4, 1, 2, 100])).toEqual({ median: 3, min: 1, max: 100 });
  });

  test("of an empty list is an error", () => {
    expect(() => spread([])).toThrow("an empty list has no median");
  });
});

describe("summarize", () => {
  test("takes the spread of each figure by itself", () => {
    const runs = [
      run("kubectl", 1, { create: { ...times(1, 9), controlPlaneCpu: 3 } }),
      run("kubectl", 2, { create: { ...times(3, 8), controlPlaneCpu: 1 } }),
      run("kubectl", 3, { create: { ...times(2, 7), controlPlaneCpu: 2 } }),
    ];
    const spreadOf = (median: number, min: number, max: number) => ({ median, min, max });
    expect(summarize(runs)).toEqual([
      {
        contender: "kubectl",
        models: 10,
        rounds: 3,
        phases: {
          create: {
            returned: one(0.5),
            available: spreadOf(2, 1, 3),
            ready: spreadOf(2, 1, 3),
            cpu: spreadOf(8, 7, 9),
            controlPlaneCpu: spreadOf(2, 1, 3),
          },
        },
      },
    ]);
  });

  test("keeps sizes and contenders apart", () => {
    const runs = [
      run("kubectl", 1, { create: times(1) }),
      run("kubectl", 1, { create: times(2) }, 100),
      run("python", 1, { create: times(3) }),
    ];
    const found = summarize(runs).map(({ contender, models, phases }) => [
      contender,
      models,
      phases.create?.ready?.median,
    ]);
    expect(found).toEqual([
      ["kubectl", 10, 1],
      ["kubectl", 100, 2],
      ["python", 10, 3],
    ]);
  });

  test("ignores a failed run, with all that it measured before", () => {
    const failed: Run = { ...run("python", 1, { create: times(1) }), failure: "ended" };
    expect(summarize([failed])).toEqual([]);
  });
});

describe("a ratio", () => {
  const ratioOf = (runs: readonly Run[], phase: Phase) =>
    summarize(runs).find(({ contender }) => contender === "kubectl")?.phases[phase]?.ratio;

  test("is that of runs of the same round, and its median is no ratio of medians", () => {
    const runs = [
      run("modelfleet", 1, { create: times(10) }),
      run("modelfleet", 2, { create: times(20) }),
      run("modelfleet", 3, { create: times(40) }),
      run("kubectl", 1, { create: times(5) }),
      run("kubectl", 2, { create: times(40) }),
      run("kubectl", 3, { create: times(10) }),
    ];
    expect(ratioOf(runs, "create")).toEqual({ median: 0.5, min: 0.25, max: 2 });
  });

  test("is of the time until all is ready, and of a check until its command returns", () => {
    const check = (returned: number): Times => ({ returned, cpu: 0 });
    const runs = [
      run("modelfleet", 1, { add: times(4), check: check(2) }),
      run("kubectl", 1, { add: times(8), check: check(1) }),
    ];
    expect(ratioOf(runs, "add")).toEqual(one(2));
    expect(ratioOf(runs, "check")).toEqual(one(0.5));
  });

  test("is missing in a round and with a size in which modelfleet was not measured", () => {
    const runs = [
      run("modelfleet", 1, { create: times(10) }),
      run("modelfleet", 2, { create: times(10) }, 100),
      run("kubectl", 2, { create: times(5) }),
    ];
    expect(ratioOf(runs, "create")).toBeUndefined();
  });
});

describe("growth", () => {
  const created = (contender: Run["contender"], models: number, seconds: number) =>
    run(contender, 1, { create: times(seconds, seconds / 2) }, models);

  test("is the time per additional model between each size and the next", () => {
    const runs = [created("kubectl", 300, 70), created("kubectl", 10, 1), created("kubectl", 100, 10)];
    expect(growth(summarize(runs))).toEqual([
      { contender: "kubectl", from: 10, to: 100, secondsPerModel: 0.1, cpuSecondsPerModel: 0.05 },
      { contender: "kubectl", from: 100, to: 300, secondsPerModel: 0.3, cpuSecondsPerModel: 0.15 },
    ]);
  });

  test("skips a size at which a contender was not measured", () => {
    const runs = [created("python", 10, 1), created("kubectl", 100, 5), created("python", 300, 30)];
    expect(growth(summarize(runs))).toEqual([
      { contender: "python", from: 10, to: 300, secondsPerModel: 0.1, cpuSecondsPerModel: 0.05 },
    ]);
  });
});
