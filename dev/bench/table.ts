import { CONTENDERS } from "./contender";
import { type Figures, growth, type Phase, PHASES, type Run, type Summary } from "./statistics";

const TITLES: Readonly<Record<Phase, string>> = {
  create: "From empty",
  add: "One model more",
  check: "Nothing to change",
};

/** The columns of a table of times, and what stands in them. */
const COLUMNS: readonly (readonly [string, (figures: Figures) => string])[] = [
  ["returned", ({ returned }) => seconds(returned?.median)],
  ["ready", ({ ready }) => seconds(ready?.median)],
  ["ratio", ({ ratio }) => (ratio === undefined ? "-" : `${ratio.median.toFixed(2)}×`)],
  ["CPU", ({ cpu }) => seconds(cpu?.median)],
  ["memory", ({ memory }) => (memory === undefined ? "-" : `${Math.round(memory.median)} MiB`)],
  ["control plane's CPU", ({ controlPlaneCpu }) => seconds(controlPlaneCpu?.median)],
];

/** A table of times per phase: one line per size and contender, with ratios to modelfleet if that was measured too. */
export function timesTables(summaries: readonly Summary[]): string {
  const sizes = [...new Set(summaries.map(({ models }) => models))].sort((a, b) => a - b);
  const sorted = sizes.flatMap((size) => inOrder(summaries.filter(({ models }) => models === size)));
  const tables = PHASES.flatMap((phase) => {
    const columns = COLUMNS.filter(([title]) => phase !== "check" || title !== "ready");
    const lines = sorted.flatMap(({ models, contender, phases }) => {
      const figures = phases[phase];
      return figures ? [[String(models), contender, ...columns.map(([, cell]) => cell(figures))]] : [];
    });
    if (lines.length === 0) return [];
    return [
      `${TITLES[phase]}:\n\n${markdown(["models", "contender", ...columns.map(([title]) => title)], lines)}`,
    ];
  });
  return [...tables, rounds(sorted)].join("\n\n");
}

/** Says what the figures come from, so that nobody takes one run for an average. */
function rounds(summaries: readonly Summary[]): string {
  const most = new Map<number, number>();
  for (const { models, rounds } of summaries) most.set(models, Math.max(rounds, most.get(models) ?? 0));
  const counts = [...most].map(([models, rounds]) => `${models} models: ${rounds}`).join(", ");
  return `Both times of a ratio are from the same round. Figures are medians of all rounds (${counts}); the file has their spread.`;
}

/** The table of growth: the time per additional model, from empty, between each size and the next. */
export function growthTable(summaries: readonly Summary[]): string {
  const all = growth(summaries);
  const spans = [...new Map(all.map(({ from, to }) => [`${from} to ${to}`, { from, to }])).entries()].sort(
    ([, a], [, b]) => a.to - b.to,
  );
  const contenders = CONTENDERS.filter((name) => all.some(({ contender }) => contender === name));
  const lines = contenders.map((name) => {
    const cells = spans.flatMap(([, { from, to }]) => {
      const found = all.find((one) => one.contender === name && one.from === from && one.to === to);
      return found
        ? [`${found.secondsPerModel.toFixed(3)} s`, `${found.cpuSecondsPerModel.toFixed(3)} s`]
        : ["-", "-"];
    });
    return [name, ...cells];
  });
  return markdown(["a further model costs", ...spans.flatMap(([title]) => [title, "CPU"])], lines);
}

/** The least processor time for which a program has a column, in seconds. */
const LEAST = 0.1;

/** A table of the processor time of each program, of the contenders that start several; undefined if none does. */
export function programsTable(runs: readonly Run[]): string | undefined {
  // Of several rounds, the last.
  const last = new Map(runs.map((run) => [`${run.contender} ${run.models}`, run]));
  const rows = [...last.values()].flatMap(({ contender, models, phases }) =>
    PHASES.flatMap((phase) => {
      const used = Object.entries(phases[phase]?.cpuBy ?? {}).filter(([, time]) => time >= LEAST);
      return used.length > 1 ? [{ phase, contender, models, used: new Map(used) }] : [];
    }),
  );
  if (rows.length === 0) return undefined;
  const programs = [...new Set(rows.flatMap(({ used }) => [...used.keys()]))].sort();
  const lines = rows
    .sort(
      (a, b) =>
        PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) ||
        a.models - b.models ||
        CONTENDERS.indexOf(a.contender) - CONTENDERS.indexOf(b.contender),
    )
    .map(({ phase, contender, models, used }) => [
      ...[TITLES[phase], String(models), contender],
      ...programs.map((program) => seconds(used.get(program))),
    ]);
  return `Processor time of each program:\n\n${markdown(["phase", "models", "contender", ...programs], lines)}`;
}

function inOrder(summaries: readonly Summary[]): Summary[] {
  return CONTENDERS.flatMap((name) => summaries.filter(({ contender }) => contender === name));
}

function seconds(value: number | undefined): string {
  return value === undefined ? "-" : `${value.toFixed(1)} s`;
}

/** A Markdown table with aligned columns: words to the left, numbers to the right. */
export function markdown(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const isWord = (index: number) => lines.some((line) => /^[a-z]/i.test(line[index] ?? ""));
  const widths = header.map((title, index) =>
    Math.max(title.length, 3, ...lines.map((line) => line[index]?.length ?? 0)),
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (isWord(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) => (isWord(i) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [row(header), `| ${rule.join(" | ")} |`, ...lines.map(row)].join("\n");
}
