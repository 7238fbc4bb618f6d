import { say } from "./progress";
import { UsageError, UserError } from "./user-error";

/** The exit codes of every command. */
export const EXIT = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  /** For commands that compare: they succeeded and found differences. */
  differences: 3,
} as const;

/** Runs a whole program. Shows only the message of a UserError, and the stack of any other error. */
export async function main(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(error instanceof UserError ? `error: ${error.message}` : String((error as Error)?.stack ?? error));
    process.exitCode = error instanceof UsageError ? EXIT.wrongUse : EXIT.failed;
  }
}
