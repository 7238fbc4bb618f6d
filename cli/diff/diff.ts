import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { hasColors } from "../../lib/color";
import { EXIT } from "../../lib/main";
import { say, step } from "../../lib/progress";
import { UsageError, UserError } from "../../lib/user-error";
import { pulumiError } from "../pulumi-error";
import { type OpenStack, openStack } from "../stack";
import { listOf, messageOf, type UpdateError, updateErrorOf } from "../update";
import { fleetDiff, type FleetDiff, isEmpty } from "./fleet-diff";
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
  const change = await previewFleet(opened, { refresh });
  const text = markdown
    ? diffMarkdown(change, opened.name)
    : diffText(change, { color: hasColors(process.stdout) });
  process.stdout.write(`${json ? JSON.stringify(change, undefined, 2) : text.trimEnd()}\n`);
  if (refresh && !isEmpty(change)) process.exitCode = EXIT.differences;
}

/** How a preview is made. */
export interface PreviewOptions {
  /** Whether to compare with the cluster, not with the last update. @default false */
  readonly refresh?: boolean;
  /** URNs of the only resources that the update is to change. @default all */
  readonly targets?: readonly string[];
}

/**
 * What an update of a stack would do, as the events of Pulumi's own preview tell it. Prints Pulumi's warnings to standard
 * error; changes nothing.
 *
 * @throws UserError with the errors that Pulumi reports
 */
export async function previewFleet(
  { name, stack }: Pick<OpenStack, "name" | "stack">,
  { refresh = false, targets = [] }: PreviewOptions = {},
): Promise<FleetDiff> {
  const events: EngineEvent[] = [];
  const errors: UpdateError[] = [];
  const onEvent = (event: EngineEvent) => {
    // Pulumi's debug messages may hold secrets in plain text; only what is used is kept.
    if (event.resourcePreEvent ?? event.resOutputsEvent) events.push(event);
    const warning = messageOf(event, "warning");
    if (warning !== undefined) say(`warning: ${warning}`);
    const error = updateErrorOf(event);
    if (error !== undefined) errors.push(error);
  };
  try {
    await step(`Previewing stack ${name}`, () =>
      stack.preview({ refresh, target: [...targets], color: "never", onEvent }),
    );
  } catch (error) {
    if (errors.length === 0) throw await pulumiError(error, name);
    throw new UserError(`the preview of stack ${name} failed:\n${listOf(errors)}`);
  }
  return fleetDiff(events);
}
