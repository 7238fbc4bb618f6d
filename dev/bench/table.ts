import { type ContenderName, CONTENDERS } from "./contender";
import { growth, type Phase, PHASES, ratio, type Summary } from "./statistics";

const TITLES: Readonly<Record<Phase, string>> = {
  create: "from empty",
  add: "one model more",
  check: "nothing to change",
};

/** The contender that the others are compared with. */
const BASELINE: ContenderName = "modelfleet";

/** The table of times: one line per size and contender, with ratios to modelfleet if that was measured too. */
export function timesTable(summaries: readonly Summary[]): string {
  const header = ["models", "contender", ...PHASES.flatMap((phase) => [TITLES[phase], "ratio", "CPU"])];
  const sizes = [...new Set(summaries.map(({ models }) => models))].sort((a, b) => a - b);
  const lines = sizes.flatMap((models) => {
    const ofSize = inOrder(summaries.filter((summary) => summary.models === models));
    const baseline = ofSize.find(({ contender }) => contender === BASELINE);
    return ofSize.map(({ contender, phases }) => {
      const cells = PHASES.flatMap((phase) => {
        const usage = phases[phase];
        const times = ratio(usage, baseline?.phases[phase]);
        return [
          seconds(usage?.seconds),
          times === undefined ? "-" : `${times.toFixed(2)}×`,
          seconds(usage?.cpuSeconds),
        ];
      });
      return [String(models), contender, ...cells];
    });
  });
  return markdown(header, lines);
}

/** The table of growth: the time per additional model, from empty, between each size and the next. */
export function growthTable(summaries: readonly Summary[]): string {
  const all = growth(summaries, "create");
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

function inOrder(summaries: readonly Summary[]): Summary[] {
  return CONTENDERS.flatMap((name) => summaries.filter(({ contender }) => contender === name));
}

function seconds(value: number | undefined): string {
  return value === undefined ? "-" : `${value.toFixed(1)} s`;
}

/** A Markdown table with aligned columns: words to the left, numbers to the right. */
function markdown(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const isWord = (index: number) => lines.some((line) => /^[a-z]/.test(line[index] ?? ""));
  const widths = header.map((title, index) =>
    Math.max(title.length, 3, ...lines.map((line) => line[index]?.length ?? 0)),
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (isWord(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) => (isWord(i) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [row(header), `| ${rule.join(" | ")} |`, ...lines.map(row)].join("\n");
}
