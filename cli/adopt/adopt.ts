import { say } from "../../lib/progress";
import { UsageError, UserError } from "../../lib/user-error";
import { catalogFile, change, checkCanAsk } from "../change";
import { SettingsFile } from "../settings-file";
import { editOf } from "./edit";
import type { OldModel } from "./entry";
import type { Namespace } from "./find";
import { finish } from "./finish";
import { type AdoptOptions, labelsOf, open, type Opened, readOlds } from "./opened";
import { type AdoptionPlan, planOf } from "./plan";

/**
 * Adopts models that others deployed: writes their settings, lets the update make their objects beside the old ones,
 * and then deletes the old ones, or names them. Another try goes on where this one ended: a model in the list has its
 * settings, and what is left of the old objects is found by their Deployments.
 *
 * @param given IDs, or `id=deployment`. @default every Deployment `<id>-deployment` that no fleet made
 */
export async function adopt(given: readonly string[], options: AdoptOptions): Promise<void> {
  checkCanAsk(options);
  if (labelsOf(options.selector) !== undefined && given.length > 0)
    throw new UsageError("--selector chooses the Deployments: give it or names, not both");
  const opened = await open(given, options);
  const { listed } = opened.fleet;
  const { olds, namespace } = await readOlds(opened, listed);
  if (olds.length === 0 && given.length === 0) throw nothingFound(opened);
  const fresh = olds.filter(({ id }) => !listed.includes(id));
  for (const { id } of olds.filter((old) => !fresh.includes(old)))
    say(`${id} is in the list already: its settings stay as they are.`);
  const plan = await planned(opened, fresh, namespace);
  if (plan.notes.length > 0) say(`Note:\n${plan.notes.map((note) => `  ${note}`).join("\n")}`);
  const models = olds.map(({ id }) => id);
  if (await change(options, { ...editOf(plan), models }, opened.stack)) await finish(opened);
}

async function planned(
  { api, fleet, stack }: Opened,
  fresh: readonly OldModel[],
  namespace: Namespace,
): Promise<AdoptionPlan> {
  if (fresh.length === 0) return { adoptions: [], ingresses: [], notes: [] };
  const file = SettingsFile.read(stack.settingsFile);
  const files = fresh.flatMap(({ id }): [string, string][] => {
    const path = catalogFile(stack, file, id);
    return path === undefined ? [] : [[id, path]];
  });
  return planOf(fresh, { api, fleet, namespace, files: new Map(files) });
}

function nothingFound({ from, options }: Opened): UserError {
  const what =
    options.selector === undefined
      ? 'whose name ends in "-deployment"'
      : `with the labels ${options.selector}`;
  return new UserError(
    `namespace ${from} has no Deployment ${what} that no fleet made; name one as <id>=<deployment>, or another namespace with --from`,
  );
}
