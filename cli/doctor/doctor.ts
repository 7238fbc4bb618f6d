import { EXIT } from "../../lib/main";
import { say, step } from "../../lib/progress";
import { UsageError } from "../../lib/user-error";
import { agrees, isInteractive } from "../ask";
import { NoSuchStack } from "../pulumi-error";
import { openStack } from "../stack";
import { examine, type Report } from "./check";
import { factsOf } from "./facts";
import type { Mended } from "./finding";
import { reportJson, reportText } from "./text";

/** The options of `modelfleet doctor`. */
export interface DoctorOptions {
  readonly stack: string | undefined;
  readonly fix: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Prints what is wrong with a stack, and mends what is safe if it is asked to. */
export async function doctor({ stack, fix, yes, json }: DoctorOptions): Promise<void> {
  if (fix && !yes && !isInteractive())
    throw new UsageError("there is no terminal to ask on; give --yes to mend without a question");
  const opened = await openStack(stack);
  const facts = factsOf(opened);
  await facts.config().catch((error: unknown) => {
    // A check reports anything else.
    if (error instanceof NoSuchStack) throw error;
  });
  const report = await step(`Looking at stack ${opened.name}`, () => examine(facts));
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  if (!json) print(reportText(report, opened.name));
  const mended = fix ? await mend(report, yes) : [];
  if (json) print(JSON.stringify({ ...reportJson(report, opened.name), mended }, undefined, 2));
  else for (const line of fix ? outcomeLines(report, mended) : []) print(line);
  process.exitCode = exitCode(report, mended);
}

/** What was mended, and the problems that it leaves with their commands. */
export function outcomeLines({ findings }: Report, mended: readonly Mended[]): string[] {
  const left = findings.filter(({ level, mend: one }) => level !== "note" && one === undefined);
  return [
    ...mended.map(({ text }) => text),
    ...left.map(({ problem, fix = "" }) => `left: ${problem}: ${fix}`),
  ];
}

/** Mends what is safe, after a question. */
async function mend({ findings }: Report, yes: boolean): Promise<readonly Mended[]> {
  const mends = findings.flatMap(({ mend: one }) => one ?? []);
  if (mends.length === 0) return [];
  const question = `${mends.map(({ does }) => does).join("; ")}?`;
  if (!yes && !(await agrees(question))) {
    say("Nothing was changed.");
    return [];
  }
  const all: Mended[] = [];
  // One after the other: objects are deleted only once no lock is held.
  for (const one of mends) all.push(...(await one.run()));
  return all;
}

/** @param mended What was mended; nothing if it was not asked for. */
export function exitCode({ findings, unseen }: Report, mended: readonly Mended[]): number {
  const open = findings.filter(
    ({ level, mend: one }) => level !== "note" && (one === undefined || mended.length === 0),
  );
  if (open.length > 0 || mended.some(({ isDone }) => !isDone)) return EXIT.differences;
  return unseen.length > 0 ? EXIT.failed : EXIT.done;
}
