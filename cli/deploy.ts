import { UsageError } from "../lib/user-error";
import { secretValue } from "./ask";
import { catalogFile, change, type ChangeOptions, type SecretEdit } from "./change";
import {
  activeModels,
  addModels,
  checkIds,
  checkListed,
  removeLeftovers,
  removeModels,
  setModelSetting,
} from "./edits";
import type { SettingsFile } from "./settings-file";
import type { OpenStack } from "./stack";

/** The options of `deploy`. */
export interface DeployOptions extends ChangeOptions {
  readonly image: string | undefined;
  /** Settings as `key=value`. */
  readonly set: readonly string[];
  /** Name of a secret variable. */
  readonly secret: string | undefined;
}

/** Adds models to the list, with settings, and updates the stack. */
export async function deploy(ids: readonly string[], options: DeployOptions): Promise<void> {
  checkIds(ids);
  const [model = "", ...others] = ids;
  const { secret } = options;
  if (secret !== undefined && others.length > 0)
    throw new UsageError(
      "--secret is for one model; for all: `pulumi config set --secret --path modelfleet:secrets.defaults.<NAME>`",
    );
  const image = options.image === undefined ? [] : [`image=${options.image}`];
  await change(options, {
    settings: (file) => [
      ...addModels(file, ids),
      ...ids.flatMap((id) => [...image, ...options.set].flatMap((one) => setModelSetting(file, id, one))),
    ],
    secrets: secret === undefined ? [] : [secretOf(model, secret)],
    changes: () => ids,
    models: ids,
  });
}

function secretOf(model: string, name: string): SecretEdit {
  return { path: `secrets.${model}.${name}`, value: () => secretValue(name) };
}

/** The options of `delete`. */
export interface RemoveOptions extends ChangeOptions {
  readonly purge: boolean;
}

/** Takes models off the list and updates the stack. */
export async function remove(ids: readonly string[], options: RemoveOptions): Promise<void> {
  await change(options, {
    settings: (file, opened) => {
      checkListed(file, ids);
      return takeOff(file, opened, ids, options.purge);
    },
    changes: () => ids,
    obsoleteFiles: (file, opened) =>
      options.purge ? ids.flatMap((id) => catalogFile(opened, file, id) ?? []) : [],
  });
}

/** Makes the list exactly these models, given as `iris,wine` or one by one, and updates the stack. */
export async function updateIngress(given: readonly string[], options: ChangeOptions): Promise<void> {
  const ids = given.flatMap((text) => text.split(/[\s,]+/)).filter((id) => id !== "");
  checkIds(ids);
  await change(options, {
    settings: (file, opened) => {
      if (ids.length === 0) return [];
      const gone = activeModels(file).filter((id) => !ids.includes(id));
      return [...addModels(file, ids), ...takeOff(file, opened, gone, false)];
    },
    changes: (file) => {
      const before = activeModels(file);
      return [...ids.filter((id) => !before.includes(id)), ...before.filter((id) => !ids.includes(id))];
    },
    refresh: ids.length === 0,
    models: ids,
  });
}

function takeOff(file: SettingsFile, opened: OpenStack, ids: readonly string[], purge: boolean): string[] {
  const lines = removeModels(file, ids);
  const leftovers = ids.flatMap((id) => {
    const own = catalogFile(opened, file, id);
    const said = own === undefined ? [] : [`${own}: ${purge ? "removed" : "stays, for its return"}`];
    return [...said, ...removeLeftovers(file, id, { purge, hasFile: own !== undefined && !purge })];
  });
  return [...lines, ...leftovers];
}
