import { execa } from "execa";
import { ROOT } from "../../lib/paths";
import { say, step } from "../../lib/progress";

/** A check, or a run of tests, and whether it passed. */
export interface Result {
  readonly title: string;
  readonly passed: boolean;
}

const CHECKS: readonly [title: string, command: string, ...args: string[]][] = [
  ["types", "tsc", "--project", "tsconfig.project.json"],
  ["lint", "eslint", "."],
  ["format", "prettier", "--check", "."],
];

/** Checks types, lint and format, side by side: each of them uses one core. Prints the output of those that fail. */
export async function staticChecks(): Promise<Result[]> {
  const outcomes = await step("Checking types, lint and format", () =>
    Promise.all(
      CHECKS.map(async ([title, command, ...args]) => {
        const run = await execa(command, args, { cwd: ROOT, preferLocal: true, reject: false, all: true });
        return { title, passed: !run.failed, output: run.all };
      }),
    ),
  );
  for (const { output, passed } of outcomes) if (!passed) say(output);
  return outcomes.map(({ title, passed }) => ({ title, passed }));
}
