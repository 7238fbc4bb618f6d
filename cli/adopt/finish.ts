import { say } from "../../lib/progress";
import { table } from "../../lib/table";
import { UserError } from "../../lib/user-error";
import { claimsOf, entryOf, overlaps } from "../../ownership/claims";
import { readinessUrls } from "../answers";
import { agrees } from "../ask";
import { modelStates } from "../model-states";
import { SettingsFile } from "../settings-file";
import { removeEntries } from "./edit";
import type { OldModel } from "./entry";
import { readNamespace } from "./find";
import { type FleetView, fleetView } from "./fleet";
import { leftoversOf, rowsOf } from "./leftovers";
import { refuseLosses } from "./losses";
import type { RoutesObject } from "./objects";
import { type Opened, readOlds } from "./opened";
import { removeLeftovers } from "./remove";

/** Names the old objects of models that the fleet has now, or deletes them. */
export async function finish(before: Opened): Promise<void> {
  const { api, from, options, stack } = before;
  // The settings have changed since.
  const opened = { ...before, fleet: await fleetView(await stack.stack.getAllConfig(), api) };
  const { listed, namespace: own } = opened.fleet;
  const { olds, namespace } = await readOlds(opened, listed);
  const adopted = olds.filter(({ id }) => listed.includes(id));
  const left = await leftoversOf(api, adopted, namespace);
  const rows = rowsOf(left);
  if (rows.length === 0) say(`Nothing of the old objects is left in namespace ${from}.`);
  else say(`Old objects in namespace ${from}:\n${table(["OBJECT", "GOES"], rows)}`);
  if (!options.deleteOld) {
    if (rows.length > 0) say(`To delete them: ${commandOf(opened)}`);
    return;
  }
  await refuseLosses(api, own, left.paths);
  const urls = await readyUrls(opened, adopted);
  if (rows.length > 0 && !options.yes && !(await agrees("Delete them?"))) {
    say("Nothing was deleted.");
    return;
  }
  await removeLeftovers(left, { api, from, urls, routesAreGone: () => tidy(opened) });
}

/** The URLs at which the models answer. @throws UserError if one is not ready: its old objects may still be needed */
async function readyUrls(
  { stack, cluster, fleet }: Opened,
  adopted: readonly OldModel[],
): Promise<Record<string, string>> {
  const [outputs, states] = await Promise.all([
    stack.stack.outputs(),
    modelStates(cluster, fleet.namespace, stack.owner),
  ]);
  const waiting = adopted.filter(({ id }) => {
    const state = states.get(id);
    return state === undefined || state.ready < state.replicas;
  });
  if (waiting.length > 0)
    throw new UserError(
      `nothing was deleted: ${waiting.map(({ id }) => id).join(", ")} not ready; \`npx modelfleet status\` says why`,
    );
  const urls = Object.entries((outputs["urls"]?.value ?? {}) as Record<string, string>);
  const own = urls.filter(([id]) => adopted.some((old) => old.id === id));
  return readinessUrls(Object.fromEntries(own), states);
}

/** Removes the entries of `adopt` whose Ingresses route no path of the fleet any more. */
async function tidy({ api, stack, from, fleet }: Opened): Promise<void> {
  const { ingresses } = await readNamespace(api, from);
  const file = SettingsFile.read(stack.settingsFile);
  const lines = removeEntries(file, (entry) => isOver(entry, { from, ingresses, fleet }));
  if (lines.length === 0) return;
  file.write();
  for (const line of lines) say(`  ${line}`);
}

/** Whether an entry of `adopt` accepts nothing any more: its Ingress is gone, or routes no path of the fleet. */
export function isOver(
  entry: string,
  {
    from,
    ingresses,
    fleet,
  }: {
    readonly from: string;
    readonly ingresses: readonly RoutesObject[];
    readonly fleet: Pick<FleetView, "paths" | "host">;
  },
): boolean {
  if (!entry.startsWith(`ingress/${from}/`)) return false;
  const ours = fleet.paths.map((path) => ({ host: fleet.host, path, isExact: false }));
  const theirs = ingresses.filter((ingress) => entryOf(ingress) === entry).flatMap(claimsOf);
  return overlaps(ours, theirs).length === 0;
}

function commandOf({ given, options: { stack, from, selector } }: Opened): string {
  const option = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name} ${value}`];
  return [
    ...["npx modelfleet adopt", ...given],
    ...[...option("selector", selector), ...option("from", from), ...option("stack", stack), "--delete-old"],
  ].join(" ");
}
