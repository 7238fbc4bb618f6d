import { describe, expect, test } from "vitest";
import { growth, median, ratio, type Run, summarize, type Summary } from "../../../../dev/bench/statistics";

const usage = (seconds: number, cpuSeconds = 0) => ({ seconds, cpuSeconds });

const created = (contender: Run["contender"], models: number, seconds: number): Summary => ({
  contender,
  models,
  phases: { create: usage(seconds, seconds / 2) },
});

describe("median", () => {
  test("is the middle value, in any order of the values", () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  test("is the mean of the two middle values of an even number of values", () => {
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  test("of an empty list is an error", () => {
    expect(() => median([])).toThrow("an empty list has no median");
  });
});

describe("summarize", () => {
  test("takes the median of each phase, separately for time and processor time", () => {
    const runs: Run[] = [
      { contender: "kubectl", models: 10, phases: { create: usage(1, 9), check: usage(4) } },
      { contender: "kubectl", models: 10, phases: { create: usage(3, 8), check: usage(5) } },
      { contender: "kubectl", models: 10, phases: { create: usage(2, 7), check: usage(6) } },
    ];
    expect(summarize(runs)).toEqual([
      { contender: "kubectl", models: 10, phases: { create: usage(2, 8), check: usage(5) } },
    ]);
  });

  test("keeps sizes and contenders apart", () => {
    const runs: Run[] = [created("kubectl", 10, 1), created("kubectl", 100, 2), created("python", 10, 3)];
    expect(summarize(runs)).toEqual(runs);
  });

  test("ignores a failed run, with all that it measured before", () => {
    const failed: Run = { contender: "python", models: 10, phases: { create: usage(1) }, failure: "ended" };
    expect(summarize([failed, created("kubectl", 10, 2)])).toEqual([created("kubectl", 10, 2)]);
  });
});

describe("ratio", () => {
  test("is the time divided by the baseline's time", () => {
    expect(ratio(usage(3), usage(2))).toBe(1.5);
  });

  test("is undefined when one of the two was not measured", () => {
    expect(ratio(undefined, usage(2))).toBeUndefined();
    expect(ratio(usage(2), undefined)).toBeUndefined();
  });
});

describe("growth", () => {
  test("is the time per additional model between each size and the next", () => {
    const points = [created("kubectl", 300, 70), created("kubectl", 10, 1), created("kubectl", 100, 10)];
    expect(growth(points, "create")).toEqual([
      { contender: "kubectl", from: 10, to: 100, secondsPerModel: 0.1, cpuSecondsPerModel: 0.05 },
      { contender: "kubectl", from: 100, to: 300, secondsPerModel: 0.3, cpuSecondsPerModel: 0.15 },
    ]);
  });

  test("skips a size at which a contender was not measured", () => {
    const points = [created("python", 10, 1), created("kubectl", 100, 5), created("python", 300, 30)];
    expect(growth(points, "create")).toEqual([
      { contender: "python", from: 10, to: 300, secondsPerModel: 0.1, cpuSecondsPerModel: 0.05 },
    ]);
  });
});
