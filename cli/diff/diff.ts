import { hasColors } from "../../lib/color";
import { EXIT } from "../../lib/main";
import { say } from "../../lib/progress";
import { UsageError } from "../../lib/user-error";
import { openStack } from "../stack";
import { isEmpty } from "./fleet-diff";
import { preview } from "./preview";
import { diffMarkdown, diffText } from "./render";

/** The options of `modelfleet diff`. */
export interface DiffOptions {
  readonly stack: string | undefined;
  readonly markdown: boolean;
  readonly json: boolean;
  readonly refresh: boolean;
}

/** Prints what an update would do with a stack. */
export async function diff({ stack, markdown, json, refresh }: DiffOptions): Promise<void> {
  if (markdown && json) throw new UsageError("--markdown and --json exclude each other: give one of them");
  const opened = await openStack(stack);
  // A refresh looks at every object.
  const { diff: change, whyWhole } = await preview(opened, refresh ? "all, refreshed" : "changed");
  if (whyWhole !== undefined) say(`The whole fleet is previewed: ${whyWhole}.`);
  const text = markdown
    ? diffMarkdown(change, opened.name)
    : diffText(change, { color: hasColors(process.stdout) });
  process.stdout.write(`${json ? JSON.stringify(change, undefined, 2) : text.trimEnd()}\n`);
  if (refresh && !isEmpty(change)) process.exitCode = EXIT.differences;
}
