import { styleText } from "node:util";
import { table } from "../../lib/table";
import { routeText, titleOfListed } from "../variants";
import type { FleetStatus, PodStatus, ShownModel } from "./fleet-status";
import type { State } from "./model-status";
import type { Problem } from "./problems";

/** How a status is shown to people. */
export interface Look {
  /** The time, in milliseconds since 1970: ages are counted from it. */
  readonly now: number;
  readonly isColoured: boolean;
}

const HEADINGS = ["MODEL", "READY", "IMAGE", "AGE", "SINCE", "ROUTE"];
const POD_HEADINGS = ["POD", "READY", "RESTARTS", "AGE", "NODE"];

/** What the numbers of pods alone do not say. */
const NOTES: Readonly<Partial<Record<State, string>>> = {
  paused: "paused",
  "scaled-to-zero": "scaled to zero",
  missing: "missing",
  deleting: "deleting",
};

/** The status of a fleet as lines: a table, and below it a sentence for each problem. */
export function statusLines(status: FleetStatus, look: Look): string[] {
  const { rows, problems } = statusParts(status, look);
  const pods = status.models.flatMap((model) => (model.pods ? ["", ...podLines(model.pods, look)] : []));
  return [...rows.values(), ...pods, ...(problems.length > 0 ? ["", ...problems] : [])];
}

/** The lines of a status by what they are about: rows by the title of the model or variant, the headings by the empty string. */
export function statusParts(
  { models, problems }: FleetStatus,
  look: Look,
): { readonly rows: Map<string, string>; readonly problems: readonly string[] } {
  const cells = models.map((model) => rowOf(model, look));
  const [headings = "", ...lines] = table(HEADINGS, cells).split("\n");
  const rows = lines.map((line, index): [string, string] => {
    const model = models[index];
    const { problems: own = [] } = model ?? {};
    return [model ? titleOfListed(model) : "", own.length > 0 ? coloured("yellow", line, look) : line];
  });
  return {
    rows: new Map([["", headings], ...rows]),
    problems: [...models.flatMap((model) => model.problems), ...problems].flatMap(problemLines),
  };
}

/** A problem as a sentence, and the log below it. */
export function problemLines({ problem, fix, log = [] }: Problem): string[] {
  const lines = log.map((line) => `    ${line}`);
  return [`${problem}; fix: ${fix}`, ...(log.length > 0 ? ["  the end of its log:", ...lines] : [])];
}

function rowOf(model: ShownModel, { now }: Look): string[] {
  const { state, ready, replicas, image, created, rolledOut, routed } = model;
  const note = NOTES[state];
  const url = model.url ?? "";
  const isChampion = model.champion !== false;
  return [
    titleOfListed(model),
    `${ready}/${replicas}${note === undefined ? "" : ` ${note}`}`,
    image,
    ageOf(created, now),
    ageOf(rolledOut, now),
    routed
      ? routeText({ url, isChampion, ...(model.share && { share: model.share }) })
      : `${url} (not routed)`.trim(),
  ];
}

/** Pods as a table. */
export function podLines(pods: readonly PodStatus[], look: Look): string[] {
  if (pods.length === 0) return ["no pods"];
  const rows = pods.map(({ name, ready, restarts, created, node }) => [
    name,
    ready ? "yes" : "no",
    String(restarts),
    ageOf(created, look.now),
    node ?? "",
  ]);
  return table(POD_HEADINGS, rows).split("\n");
}

function coloured(colour: "yellow", text: string, { isColoured }: Look): string {
  return isColoured ? styleText(colour, text, { validateStream: false }) : text;
}

/** Units of an age, in seconds. The second is used up to two minutes, as kubectl does, and so on. */
const UNITS: readonly [unit: string, seconds: number, upTo: number][] = [
  ["s", 1, 120],
  ["m", 60, 2 * 3600],
  ["h", 3600, 2 * 86_400],
  ["d", 86_400, Infinity],
];

/** How long ago a time was: `42s`, `12m`, `3h`, `5d`; empty for no time. */
export function ageOf(time: string | null, now: number): string {
  if (time === null) return "";
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
  const [unit, size] = UNITS.find(([, , upTo]) => seconds < upTo) ?? ["d", 86_400];
  return `${Math.floor(seconds / size)}${unit}`;
}
