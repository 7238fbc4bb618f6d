/** Previews and updates of a stack for an edit: of the models that it changes, where the program agrees, else of the whole fleet. */

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { hasColors } from "../lib/color";
import { say, step } from "../lib/progress";
import { UserError } from "../lib/user-error";
import { fleetDiff, type FleetDiff } from "./diff/fleet-diff";
import { type Preview, preview } from "./diff/preview";
import { diffText } from "./diff/render";
import type { OpenStack } from "./stack";
import { targeted } from "./targeted";
import { type UpdateResult, updateStack } from "./update";

/** What an update did. */
export interface Updated extends UpdateResult {
  readonly diff: FleetDiff;
}

/**
 * Shows what an update will do.
 *
 * @param ids The models that have changed. @default unknown, so that the whole fleet is looked at
 */
export async function showPreview(
  opened: OpenStack,
  ids: readonly string[],
  { refresh }: { readonly refresh: boolean },
): Promise<Preview> {
  const shown = await preview(opened, ids.length > 0 ? ids : refresh ? "all, refreshed" : "all");
  if (shown.whyWhole !== undefined) tellWhole(shown.whyWhole);
  tell(shown.diff);
  return shown;
}

/** Updates the changed models, and then shows what it did; undefined if the whole fleet must be updated. */
export async function updateUnseen(opened: OpenStack, ids: readonly string[]): Promise<Updated | undefined> {
  const outcome = await updatePart(opened, ids);
  if ("refused" in outcome) {
    tellWhole(outcome.refused);
    return undefined;
  }
  tell(outcome.updated.diff);
  return outcome.updated;
}

/** Updates what a preview has shown. @throws UserError if the whole fleet must be updated by now, which nobody has seen */
export async function updateSeen(
  opened: OpenStack,
  ids: readonly string[],
  { isPart }: Pick<Preview, "isPart">,
  { refresh }: { readonly refresh: boolean },
): Promise<UpdateResult> {
  if (!isPart) return updated(opened, { refresh });
  const outcome = await updatePart(opened, ids);
  if ("updated" in outcome) return outcome.updated;
  throw new UserError(
    `nothing was changed: since the preview, it has become necessary to update the whole fleet (${outcome.refused}); run \`pulumi up\``,
  );
}

async function updatePart(
  opened: OpenStack,
  ids: readonly string[],
): Promise<{ readonly updated: Updated } | { readonly refused: string }> {
  const events: EngineEvent[] = [];
  const run = (targets: readonly string[]) =>
    updated(opened, { refresh: false, targets, seen: (event) => events.push(event) });
  const outcome = await targeted(opened, ids, run);
  if ("refused" in outcome) return outcome;
  return { updated: { ...outcome.value, outputs: outcome.outputs, diff: fleetDiff(events) } };
}

function updated(
  { name, stack, variables }: OpenStack,
  options: Pick<Parameters<typeof updateStack>[1], "refresh" | "targets" | "seen">,
): Promise<UpdateResult> {
  return step(`Updating stack ${name}`, (detail) =>
    updateStack(stack, { stack: name, environment: variables, detail, ...options }),
  );
}

function tellWhole(why: string): void {
  say(`The whole fleet is updated: ${why}.`);
}

function tell(diff: FleetDiff): void {
  say(diffText(diff, { color: hasColors(process.stderr) }).trimEnd());
}
