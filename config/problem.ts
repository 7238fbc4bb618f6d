import { UserError } from "../lib/user-error";

/** One thing that is wrong with the settings, as one line: where it stands, its value, the rule, and the fix. */
export type Problem = string;

/**
 * @param value what stands there; undefined where nothing does. Never a secret: those are passed as undefined.
 * @param fix what to do, "" where the rule says it already
 */
export function problem(path: string, value: unknown, rule: string, fix: string): Problem {
  const shown = value === undefined ? "" : `${abridged(JSON.stringify(value))} `;
  return `${path}: ${shown}${rule}${fix && `; ${fix}`}`;
}

/** All problems as one report. */
export function reportOf(problems: readonly Problem[]): UserError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((line) => `  ${line}`).join("\n");
  return new UserError(`${count} in the stack's settings; nothing was changed:\n${lines}`);
}

function abridged(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 100)}… (${text.length} characters)`;
}
