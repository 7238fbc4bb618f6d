import { expect, test } from "vitest";
import { type Run, summarize } from "../../../../dev/bench/statistics";
import { growthTable, programsTable, timesTables } from "../../../../dev/bench/table";

const run = (contender: Run["contender"], models: number, ready: number): Run => ({
  contender,
  models,
  round: 1,
  phases: {
    create: {
      returned: ready - 0.5,
      available: ready,
      ready,
      cpu: ready / 2,
      memory: 99.6,
      controlPlaneCpu: 7,
    },
    ...(contender !== "python" && { check: { returned: 1, cpu: 0.25 } }),
  },
});

test("there is a table per phase, with one line per size and contender in a fixed order, and ratios to modelfleet", () => {
  const runs = [run("python", 10, 4), run("modelfleet", 10, 8)];
  expect(timesTables(summarize(runs))).toBe(
    [
      "From empty:",
      "",
      "| models | contender  | returned | ready | ratio |   CPU |  memory | control plane's CPU |",
      "| -----: | ---------- | -------: | ----: | ----: | ----: | ------: | ------------------: |",
      "|     10 | modelfleet |    7.5 s | 8.0 s | 1.00× | 4.0 s | 100 MiB |               7.0 s |",
      "|     10 | python     |    3.5 s | 4.0 s | 0.50× | 2.0 s | 100 MiB |               7.0 s |",
      "",
      "Nothing to change:",
      "",
      "| models | contender  | returned | ratio |   CPU | memory | control plane's CPU |",
      "| -----: | ---------- | -------: | ----: | ----: | -----: | ------------------: |",
      "|     10 | modelfleet |    1.0 s | 1.00× | 0.3 s |      - |                   - |",
      "",
      "Both times of a ratio are from the same round. Figures are medians of all rounds (10 models: 1); the file has their spread.",
    ].join("\n"),
  );
});

test("the tables have no ratios without modelfleet", () => {
  expect(timesTables(summarize([run("kubectl", 10, 4)]))).toContain(
    "|     10 | kubectl   |    3.5 s | 4.0 s |     - | 2.0 s | 100 MiB |               7.0 s |",
  );
});

test("the table of growth has columns from each size to the next", () => {
  const runs = [
    run("kubectl", 10, 1),
    run("kubectl", 100, 10),
    run("kubectl", 300, 70),
    run("modelfleet", 10, 2),
    run("modelfleet", 100, 20),
  ];
  expect(growthTable(summarize(runs))).toBe(
    [
      "| a further model costs | 10 to 100 |     CPU | 100 to 300 |     CPU |",
      "| --------------------- | --------: | ------: | ---------: | ------: |",
      "| modelfleet            |   0.200 s | 0.100 s |          - |       - |",
      "| kubectl               |   0.100 s | 0.050 s |    0.300 s | 0.150 s |",
    ].join("\n"),
  );
});

test("the table of programs has those of contenders that start several", () => {
  const withPrograms = (contender: Run["contender"], cpuBy: Record<string, number>): Run => ({
    ...run(contender, 10, 4),
    phases: { check: { returned: 1, cpu: 3, cpuBy } },
  });
  const runs = [
    withPrograms("modelfleet", { node: 2, pulumi: 1.25, bash: 0.01 }),
    withPrograms("kubectl", { kubectl: 1, bash: 0.01 }),
  ];
  expect(programsTable(runs)).toBe(
    [
      "Processor time of each program:",
      "",
      "| phase             | models | contender  |  node | pulumi |",
      "| ----------------- | -----: | ---------- | ----: | -----: |",
      "| Nothing to change |     10 | modelfleet | 2.0 s |  1.3 s |",
    ].join("\n"),
  );
  expect(programsTable(runs.slice(1))).toBeUndefined();
});
