import { expect, test } from "vitest";
import type { Summary } from "../../../../dev/bench/statistics";
import { growthTable, timesTable } from "../../../../dev/bench/table";

const summary = (contender: Summary["contender"], models: number, create: number): Summary => ({
  contender,
  models,
  phases: {
    create: { seconds: create, cpuSeconds: create / 2 },
    add: { seconds: 2, cpuSeconds: 1 },
    ...(contender !== "python" && { check: { seconds: 1, cpuSeconds: 0.25 } }),
  },
});

test("the table of times has one line per size and contender, in a fixed order, with ratios to modelfleet", () => {
  const summaries = [summary("python", 10, 4), summary("modelfleet", 10, 8)];
  expect(timesTable(summaries)).toBe(
    [
      "| models | contender  | from empty | ratio |   CPU | one model more | ratio |   CPU | nothing to change | ratio |   CPU |",
      "| -----: | ---------- | ---------: | ----: | ----: | -------------: | ----: | ----: | ----------------: | ----: | ----: |",
      "|     10 | modelfleet |      8.0 s | 1.00× | 4.0 s |          2.0 s | 1.00× | 1.0 s |             1.0 s | 1.00× | 0.3 s |",
      "|     10 | python     |      4.0 s | 0.50× | 2.0 s |          2.0 s | 1.00× | 1.0 s |                 - |     - |     - |",
    ].join("\n"),
  );
});

test("the table of times has no ratios without modelfleet", () => {
  const [, , line] = timesTable([summary("kubectl", 10, 4)]).split("\n");
  expect(line).toBe(
    "|     10 | kubectl   |      4.0 s |     - | 2.0 s |          2.0 s |     - | 1.0 s |             1.0 s |     - | 0.3 s |",
  );
});

test("the table of growth has columns from each size to the next", () => {
  const summaries = [
    summary("kubectl", 10, 1),
    summary("kubectl", 100, 10),
    summary("kubectl", 300, 70),
    summary("modelfleet", 10, 2),
    summary("modelfleet", 100, 20),
  ];
  expect(growthTable(summaries)).toBe(
    [
      "| a further model costs | 10 to 100 |     CPU | 100 to 300 |     CPU |",
      "| --------------------- | --------: | ------: | ---------: | ------: |",
      "| modelfleet            |   0.200 s | 0.100 s |          - |       - |",
      "| kubectl               |   0.100 s | 0.050 s |    0.300 s | 0.150 s |",
    ].join("\n"),
  );
});
