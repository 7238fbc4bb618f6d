import { someOf } from "../../lib/some-of";
import type { Facts } from "./facts";

/** What a check found. */
export interface Finding {
  /** A note is no problem, but what a reader should know: what could be looked at in part only. @default problem */
  readonly level?: "problem" | "note";
  /** What is wrong, in one line. */
  readonly problem: string;
  /** The command or the edit that mends it. @default none, for a note */
  readonly fix?: string;
  /** The objects that it is about, as `kind/name`. @default none */
  readonly objects?: readonly string[];
  /** What `--fix` does about it, if that is safe. @default nothing */
  readonly mend?: Mend;
}

/** A safe fix. */
export interface Mend {
  /** What it does, for the question: `delete deployment/iris`. */
  readonly does: string;
  /** @returns A line for each thing that it did or left. */
  run(): Promise<readonly Mended[]>;
}

/** What a fix did, or why it did not. */
export interface Mended {
  readonly text: string;
  readonly isDone: boolean;
}

/**
 * A check of a stack. It reads and changes nothing.
 *
 * @throws UserError that says why it could not look; the other checks go on
 */
export interface Check {
  /** What it looks at, in the plural, as the report says what could not be looked at. */
  readonly of: string;
  look(facts: Facts): Promise<readonly Finding[]>;
}

/** How many objects a line names. */
const NAMED = 10;

/** Names in one line; the rest is counted. */
export function named(names: readonly string[]): string {
  return someOf(names, NAMED);
}

/** A message of several lines in one. */
export function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, " ");
}

/** `1 object`, `2 objects`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** A message whose fix follows its rule, split at the first semicolon that is not in parentheses. */
export function splitFix(message: string, otherFix: string): Finding & { readonly fix: string } {
  const [, problem = message, fix = otherFix] = /^((?:\([^)]*\)|[^;(]|;(?! ))*); (.*)$/s.exec(message) ?? [];
  return { problem, fix };
}
