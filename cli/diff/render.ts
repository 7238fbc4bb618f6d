import { styleText } from "node:util";
import type { Drift } from "./drift";
import type { Change, ChangeKind, FleetDiff } from "./fleet-diff";
import { isEmpty } from "./fleet-diff";
import { totalsLine } from "./totals";

/** How a change is shown as text. */
export interface TextOptions {
  /** Whether for a terminal with colours. @default false */
  readonly color?: boolean;
}

/** From this number of lines on, a comment shows them only on demand. */
const MANY_LINES = 40;

const SIGNS: Readonly<Record<ChangeKind, string>> = { deleted: "-", changed: "~", added: "+" };
const COLORS: Readonly<Record<string, "red" | "yellow" | "green">> = {
  "-": "red",
  "~": "yellow",
  "+": "green",
};

/** The change for a terminal: a line per model, then the fleet's own objects, then the totals. */
export function diffText(diff: FleetDiff, { color = false }: TextOptions = {}): string {
  if (isEmpty(diff)) return "No changes.";
  const colored = (line: string) => {
    const name = COLORS[line[0] ?? ""];
    return color && name !== undefined ? styleText(name, line, { validateStream: false }) : line;
  };
  const lines = [...changeLines(diff), ...driftLines(diff.drift)].map(colored);
  return [...lines, totalsLine(diff.totals)].join("\n");
}

/** The change for a comment on a pull request. */
export function diffMarkdown(diff: FleetDiff, stack: string): string {
  const title = `### Stack ${stack}: ${summary(diff)}`;
  if (isEmpty(diff)) return `${title}\n`;
  // In a block of the kind `diff`, "!" is the sign that gets a colour of its own.
  const lines = [...changeLines(diff).map((line) => line.replace(/^~/, "!")), ...driftLines(diff.drift)];
  const fence = "`".repeat(
    Math.max(3, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length + 1)),
  );
  const block = `${fence}diff\n${lines.join("\n")}\n${fence}`;
  const shown =
    lines.length > MANY_LINES
      ? `<details><summary>${lines.length} lines</summary>\n\n${block}\n\n</details>`
      : block;
  return `${title}\n\n${shown}\n\n${totalsLine(diff.totals)}\n`;
}

/** Such as `1 deleted, 2 changed, 1 added`, of the models; `no changes`. */
function summary(diff: FleetDiff): string {
  const { models, fleet, drift } = diff;
  if (isEmpty(diff)) return "no changes";
  const counts = (Object.keys(SIGNS) as ChangeKind[]).flatMap((kind) => {
    const { length } = models.filter((change) => change.kind === kind);
    return length === 0 ? [] : [`${length} ${kind}`];
  });
  const parts = [
    ...(counts.length > 0 ? [`models: ${counts.join(", ")}`] : []),
    ...(fleet.length > 0 ? [`the fleet's own objects: ${fleet.length}`] : []),
    ...(drift.length > 0 ? [`changed in the cluster: ${drift.length}`] : []),
  ];
  return parts.join("; ");
}

function changeLines({ models, fleet }: FleetDiff): string[] {
  const own = fleet.map(changeLine);
  return [...models.map(changeLine), ...(own.length > 0 ? ["The fleet's own objects:", ...own] : [])];
}

function changeLine({ id, kind, words }: Change): string {
  return oneLine(`${SIGNS[kind]} ${id}${words.length > 0 ? `: ${words.join(", ")}` : ""}`);
}

function driftLines(drift: readonly Drift[]): string[] {
  return drift.length === 0 ? [] : ["Changed in the cluster since the last update:", ...drift.map(driftLine)];
}

/** `! Deployment iris: spec.replicas 1 -> 2, by kubectl`. */
function driftLine({ object, field, old, new: next, manager }: Drift): string {
  if (field === undefined) return `! ${object}: is gone`;
  const values = old !== undefined && next !== undefined ? ` ${old} -> ${next}` : "";
  return oneLine(`! ${object}: ${field}${values}${manager === undefined ? "" : `, by ${manager}`}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
