import type { Hit } from "./attack";
import { PHASES } from "./progress";
import type { Recovery } from "./recover";

/** What became of a round. */
export interface Outcome {
  /** Undefined if the update did not end. */
  readonly hit: Hit | undefined;
  /** Undefined if the fleet did not become as wanted. */
  readonly recovery: Recovery | undefined;
}

/** The figures of all rounds, as lines. */
export function reportLines(outcomes: readonly Outcome[]): string[] {
  const count = (is: (outcome: Outcome) => unknown) => outcomes.filter(is).length;
  const nameOf = ({ hit }: Outcome) =>
    hit === undefined ? "unknown" : (hit.victim ?? "nothing, since it had ended");
  const victims = [...new Set(outcomes.map(nameOf))].sort();
  const countOf = (victim: string) => count((outcome) => nameOf(outcome) === victim);
  return [
    `${outcomes.length} rounds; ${count(({ recovery }) => recovery === undefined)} failed`,
    `killed or stopped: ${victims.map((victim) => `${victim} ${countOf(victim)}`).join(", ")}`,
    `how far the update had got: ${PHASES.map((phase) => `${phase} ${count(({ hit }) => hit?.phase === phase)}`).join(", ")}`,
    `left a lock: ${count(({ recovery }) => recovery?.wasLocked)}`,
    `the next update alone was enough: ${count(({ recovery: one }) => one && !one.wasTold && !one.hadLeftovers)}`,
    `the next update said that it needs --refresh: ${count(({ recovery }) => recovery?.wasTold)}`,
    `doctor --fix deleted what was left: ${count(({ recovery }) => recovery?.hadLeftovers)}`,
  ];
}

/** A hit in a sentence. */
export function hitLine({ victim, phase, afterMs, lines }: Hit): string {
  return `${victim ?? "nothing"} after ${(afterMs / 1000).toFixed(2)} s (${phase}, ${lines} lines about objects)`;
}
