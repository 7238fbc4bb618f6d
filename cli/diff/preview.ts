import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { say, step } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { pulumiError } from "../pulumi-error";
import type { OpenStack } from "../stack";
import { type Outcome, targeted } from "../targeted";
import { listOf, messageOf, type UpdateError, updateErrorOf } from "../update";
import { fleetDiff, type FleetDiff } from "./fleet-diff";

/**
 * What a preview looks at: the models with these IDs, those that have changed since the last update, all, or all as they are in
 * the cluster. Where the program says that some models are not enough, all.
 */
export type Scope = readonly string[] | "changed" | "all" | "all, refreshed";

/** What an update would do. */
export interface Preview {
  readonly diff: FleetDiff;
  /** Whether it is one of some models only. */
  readonly isPart: boolean;
  /** Why some models were not enough: the second half of a sentence. @default they were, or nobody wants to know */
  readonly whyWhole?: string;
}

/**
 * What an update of a stack would do, as the events of Pulumi's own preview tell it. Prints Pulumi's warnings to standard
 * error; changes nothing.
 *
 * @throws UserError with the errors that Pulumi reports
 */
export function preview(opened: OpenStack, scope: Scope): Promise<Preview> {
  const warnings = new Set<string>();
  return step(`Previewing stack ${opened.name}`, async () => {
    const part = await partOf(opened, scope, warnings);
    if (part !== undefined && "value" in part) return { diff: part.value, isPart: true };
    const diff = await run(opened, { refresh: scope === "all, refreshed" }, warnings);
    const isTold = part !== undefined && (scope !== "changed" || part.isUsual !== true);
    return { diff, isPart: false, ...(isTold && { whyWhole: part.refused }) };
  });
}

/** The preview of some models; undefined if all are asked for. */
async function partOf(
  opened: OpenStack,
  scope: Scope,
  warnings: Set<string>,
): Promise<Outcome<FleetDiff> | undefined> {
  const of = (ids: readonly string[]) =>
    targeted(opened, ids, (target) => run(opened, { target: [...target] }, warnings));
  if (typeof scope !== "string") return of(scope);
  if (scope !== "changed") return undefined;
  try {
    const none = await of([]);
    // Only the program knows what the last update applied.
    return "changed" in none && none.changed !== undefined ? await of(none.changed) : none;
  } catch (error) {
    if (!isOfTargets(error)) throw error;
    return { refused: "the state lacks a resource that others need" };
  }
}

/** Whether Pulumi's engine cannot work with the targets, as after an edit of the state. */
function isOfTargets(error: unknown): boolean {
  return error instanceof UserError && /--target|could not be found in the stack/.test(error.message);
}

/** @param warnings Those that were printed, and are not to be printed again. */
async function run(
  { name, stack }: Pick<OpenStack, "name" | "stack">,
  options: { readonly refresh?: boolean; readonly target?: string[] },
  warnings: Set<string>,
): Promise<FleetDiff> {
  const events: EngineEvent[] = [];
  const errors: UpdateError[] = [];
  const onEvent = (event: EngineEvent) => {
    // Pulumi's debug messages may hold secrets in plain text; only what is used is kept.
    if (event.resourcePreEvent ?? event.resOutputsEvent) events.push(event);
    const warning = messageOf(event, "warning");
    if (warning !== undefined && !warnings.has(warning)) say(`warning: ${warning}`);
    if (warning !== undefined) warnings.add(warning);
    const error = updateErrorOf(event);
    if (error !== undefined) errors.push(error);
  };
  try {
    await stack.preview({ ...options, color: "never", onEvent });
  } catch (error) {
    if (errors.length === 0) throw await pulumiError(error, name);
    throw new UserError(`the preview of stack ${name} failed:\n${listOf(errors)}`);
  }
  return fleetDiff(events);
}
