import { isMap } from "../config/merge";
import { nearest } from "../lib/nearest";
import { say } from "../lib/progress";
import { UsageError, UserError } from "../lib/user-error";
import { catalogFile, change, type ChangeOptions, checkCanAsk } from "./change";
import { checkListed } from "./edits";
import { SettingsFile } from "./settings-file";
import { openStack } from "./stack";

const CATALOG = "modelfleet:catalog";

/** Makes a variant the champion of its model, and updates the stack. */
export async function promote(id: string, variant: string, options: ChangeOptions): Promise<void> {
  checkCanAsk(options);
  const opened = await openStack(options.stack);
  const settings = SettingsFile.read(opened.settingsFile);
  checkListed(settings, [id]);
  const own = catalogFile(opened, settings, id);
  if (own !== undefined)
    throw new UserError(
      `the settings of "${id}" are in ${own}, which this command does not edit; set \`champion: ${variant}\` there, and run \`pulumi up\``,
    );
  checkVariant(settings, id, variant);
  if (settings.get([CATALOG, id, "champion"]) === variant)
    say(`"${variant}" is the champion of "${id}" already.`);
  const edit = { settings: (file: SettingsFile) => setChampion(file, id, variant), changes: () => [id] };
  await change(options, { ...edit, models: [id] }, opened);
}

/** Sets the champion of a model. @returns lines that say what it did */
export function setChampion(file: SettingsFile, id: string, variant: string): string[] {
  const before = file.get([CATALOG, id, "champion"]);
  if (before === variant) return [];
  file.set([CATALOG, id, "champion"], variant);
  return [`catalog.${id}.champion: ${before === undefined ? "" : `${String(before)} -> `}${variant}`];
}

/** @throws UsageError for a name that no variant of the model has, with the nearest one */
export function checkVariant(file: SettingsFile, id: string, variant: string): void {
  const variants = file.get([CATALOG, id, "variants"]);
  const names = isMap(variants) ? Object.keys(variants) : [];
  if (names.length === 0)
    throw new UsageError(`"${id}" has no variants; set catalog.${id}.variants, as in docs/variants.md`);
  if (names.includes(variant)) return;
  const near = nearest(variant, names);
  const fix = near === undefined ? `it has ${names.join(", ")}` : `did you mean "${near}"?`;
  throw new UsageError(`"${id}" has no variant "${variant}"; ${fix}`);
}
