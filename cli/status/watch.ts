import { setTimeout as sleep } from "node:timers/promises";
import { NoResponse } from "../../kubernetes/api";
import { say } from "../../lib/progress";
import { titleOfListed } from "../variants";
import type { FleetStatus } from "./fleet-status";
import { type Look, podLines, problemLines, statusLines, statusParts } from "./text";

const POLL_MS = 2_000;

/** Clears the screen below the cursor, which goes to the first line; what was above stays in the terminal's history. */
const CLEAR = "\x1b[H\x1b[J";

/** Where a watched status goes. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly isColoured: boolean;
  /** Whether to print a line of JSON per change. */
  readonly json: boolean;
  write(text: string): void;
}

/** Asks again and again, and prints what changed, until a signal ends the command. */
export async function watch(ask: () => Promise<FleetStatus>, screen: Screen): Promise<never> {
  let last: FleetStatus | undefined;
  let silence: string | undefined;
  for (;;) {
    try {
      const status = await ask();
      screen.write(nextText(last, status, { ...screen, now: Date.now() }));
      [last, silence] = [status, undefined];
    } catch (error) {
      // The API server may be restarting.
      if (!(error instanceof NoResponse)) throw error;
      if (silence !== error.message) say(`${error.message}; trying again`);
      silence = error.message;
    }
    await sleep(POLL_MS);
  }
}

/** What to print after a status: the whole on a terminal, since ages change; without one only what changed. */
export function nextText(
  last: FleetStatus | undefined,
  next: FleetStatus,
  look: Look & Pick<Screen, "isTerminal" | "json">,
): string {
  const isChanged = last === undefined || JSON.stringify(last) !== JSON.stringify(next);
  if (look.json) return isChanged ? `${JSON.stringify(next)}\n` : "";
  if (look.isTerminal) return `${CLEAR}${lines(statusLines(next, look))}`;
  if (!isChanged) return "";
  return lines(last === undefined ? statusLines(next, look) : changedLines(last, next, look));
}

/** The rows of the models that changed, each followed by its problems, and a line for each model that is gone. */
function changedLines(last: FleetStatus, next: FleetStatus, look: Look): string[] {
  const before = new Map(last.models.map((model) => [titleOfListed(model), JSON.stringify(model)]));
  const { rows } = statusParts(next, look);
  const changed = next.models.filter((model) => before.get(titleOfListed(model)) !== JSON.stringify(model));
  const ids = new Set(next.models.map(titleOfListed));
  const gone = last.models.map(titleOfListed).filter((title) => !ids.has(title));
  const isSame = JSON.stringify(last.problems) === JSON.stringify(next.problems);
  return [
    ...changed.flatMap((model) => [
      rows.get(titleOfListed(model)) ?? titleOfListed(model),
      ...(model.pods ? podLines(model.pods, look) : []),
      ...model.problems.flatMap(problemLines),
    ]),
    ...gone.map((title) => `${title} is gone`),
    ...(isSame ? [] : next.problems.flatMap(problemLines)),
  ];
}

function lines(shown: readonly string[]): string {
  return shown.map((line) => `${line}\n`).join("");
}
