import { parseModels } from "../config/models";
import { pathText } from "../config/problem";
import { nearestModelId, problemOfModelId } from "../fleet/names";
import { nearest } from "../lib/nearest";
import { UsageError } from "../lib/user-error";
import type { SettingPath, SettingsFile } from "./settings-file";

/** Edits of a stack's settings file that several commands need. Each returns lines that say what it did. */

const MODELS = "modelfleet:models";
const CATALOG = "modelfleet:catalog";
const SECRETS = "modelfleet:secrets";

/** The active model IDs, in the order of the file. */
export function activeModels(file: SettingsFile): string[] {
  const value = file.get([MODELS]);
  if (Array.isArray(value)) return value.map(String);
  return parsedList(value === undefined || value === null ? "" : String(value));
}

function parsedList(text: string): string[] {
  const { ids } = parseModels(text);
  // In their own order: `parseModels` sorts them.
  return (
    text
      .match(/[a-z][a-z0-9-]*/g)
      ?.filter((id, index, all) => ids.includes(id) && all.indexOf(id) === index) ?? []
  );
}

/** @throws UsageError for IDs that are no model IDs, with the nearest valid one */
export function checkIds(ids: readonly string[]): void {
  for (const id of ids) {
    const rule = problemOfModelId(id);
    if (rule === undefined) continue;
    const near = nearestModelId(id);
    throw new UsageError(`"${id}" ${rule}${near === undefined ? "" : `; did you mean "${near}"?`}`);
  }
}

/** @throws UsageError for IDs that are not in the list, with the nearest one */
export function checkListed(file: SettingsFile, ids: readonly string[]): void {
  const listed = activeModels(file);
  for (const id of ids) {
    if (listed.includes(id)) continue;
    const near = nearest(id, listed);
    const fix =
      near === undefined ? `the list has ${listed.join(", ") || "no model"}` : `did you mean "${near}"?`;
    throw new UsageError(`"${id}" is not in the list of active models; ${fix}`);
  }
}

/** Adds IDs to the list, each once: where the list is sorted, it stays sorted. */
export function addModels(file: SettingsFile, ids: readonly string[]): string[] {
  const added = [...new Set(ids)].filter((id) => !activeModels(file).includes(id));
  for (const id of added) {
    const listed = activeModels(file);
    const isSorted = listed.every((one, index) => index === 0 || (listed[index - 1] as string) <= one);
    const after = isSorted ? listed.findIndex((one) => one > id) : -1;
    const index = after === -1 ? listed.length : after;
    if (Array.isArray(file.get([MODELS]))) file.insert([MODELS], index, id);
    else file.set([MODELS], listed.toSpliced(index, 0, id).join(","));
  }
  return added.map((id) => `models: added ${id}`);
}

/** Takes IDs off the list. */
export function removeModels(file: SettingsFile, ids: readonly string[]): string[] {
  const removed = activeModels(file).filter((id) => ids.includes(id));
  for (const id of removed) {
    const value = file.get([MODELS]);
    if (Array.isArray(value)) file.remove([MODELS, value.indexOf(id)]);
    else
      file.set(
        [MODELS],
        activeModels(file)
          .filter((one) => one !== id)
          .join(","),
      );
  }
  if (removed.length > 0 && activeModels(file).length === 0) file.set([MODELS], []);
  return removed.map((id) => `models: removed ${id}`);
}

/** Sets a setting of a model, such as `env.MODE`. @throws UsageError if it is not `key=value` */
export function setModelSetting(file: SettingsFile, id: string, assignment: string): string[] {
  const [, key = "", text = ""] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (key === "")
    throw new UsageError(`"${assignment}" is not key=value, such as replicas=2 or env.MODE=fast`);
  const path: SettingPath = [CATALOG, id, ...key.split(".")];
  const value = parsedValue(text);
  if (JSON.stringify(file.get(path)) === JSON.stringify(value)) return [];
  file.set(path, value);
  return [`catalog.${id}.${key}: set to ${text}`];
}

/** An integer or a boolean that is written as such, JSON of a list or a map, else a string. */
function parsedValue(text: string): unknown {
  if (!/^(-?(0|[1-9]\d{0,14})|true|false|[[{].*[\]}])$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a model that leaves the list leaves in the file. */
export interface Leftovers {
  /** Whether its catalog entry goes too. */
  readonly purge: boolean;
  /** Whether it has a catalog entry in a file of its own, which stays. */
  readonly hasFile: boolean;
}

/** Removes what a model without a place in the list may not keep, and says what stays. */
export function removeLeftovers(file: SettingsFile, id: string, { purge, hasFile }: Leftovers): string[] {
  const lines: string[] = [];
  const hasEntry = file.get([CATALOG, id]) !== undefined;
  if (hasEntry && purge) {
    removeEntry(file, CATALOG, id);
    lines.push(`catalog.${id}: removed`);
  } else if (hasEntry) lines.push(`catalog.${id}: stays, for its return (--purge removes it)`);
  const stays = (hasEntry && !purge) || hasFile;
  // Those of the model, and those of its variants.
  const keys = Object.keys(file.get([SECRETS]) ?? {}).filter((key) => key.split("/")[0] === id);
  const ofSecrets = keys.flatMap((key) => {
    const names = Object.keys(file.get([SECRETS, key]) ?? {});
    if (names.length === 0) return [];
    // Secrets of no model are an error: they would have no effect.
    if (!stays) removeEntry(file, SECRETS, key);
    return [`${pathText(["secrets", key])}: ${stays ? "stays with it" : "removed"} (${names.join(", ")})`];
  });
  return [...lines, ...ofSecrets];
}

/** Removes an entry of a map, and the map with its last entry. */
function removeEntry(file: SettingsFile, key: typeof CATALOG | typeof SECRETS, id: string): void {
  file.remove([key, id]);
  if (Object.keys(file.get([key]) ?? {}).length === 0) file.remove([key]);
}
