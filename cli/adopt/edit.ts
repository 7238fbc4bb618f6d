import { pathText } from "../../config/problem";
import type { Edit, SecretEdit } from "../change";
import { addModels } from "../edits";
import type { SettingsFile } from "../settings-file";
import type { AdoptionPlan } from "./plan";
import type { Tls } from "./tls";

const ADOPT = "modelfleet:adopt";

/** The edit of the settings that adopts models. */
export function editOf({
  adoptions,
  ingresses,
  registry,
  tls,
}: AdoptionPlan): Pick<Edit, "settings" | "secrets"> {
  const secrets = [
    ...adoptions.flatMap(({ id, secrets: own }) =>
      Object.entries(own).map(([name, value]) => secretEdit(["secrets", id, name], value)),
    ),
    ...(registry === undefined ? [] : [secretEdit(["registry", "password"], registry.password)]),
  ];
  const settings = (file: SettingsFile) => [
    ...(registry === undefined ? [] : setRegistry(file, registry)),
    ...(tls === undefined ? [] : setTls(file, tls)),
    ...addModels(
      file,
      adoptions.map(({ id }) => id),
    ),
    ...adoptions.map(({ id, entry }) => {
      file.set(["modelfleet:catalog", id], entry);
      return `catalog.${id}: set (${Object.keys(entry).join(", ")})`;
    }),
    ...addEntries(file, ingresses),
  ];
  return { settings, secrets };
}

/** Pulumi removes one line break at the end of what it reads, so the value keeps its own. */
function secretEdit(path: readonly string[], value: string): SecretEdit {
  return { path: pathText(path), value: () => Promise.resolve(`${value}\n`) };
}

function setRegistry(
  file: SettingsFile,
  { server, username }: { server: string; username: string },
): string[] {
  file.set(["modelfleet:registry", "server"], server);
  file.set(["modelfleet:registry", "username"], username);
  return [`registry: set (${server}, user ${username})`];
}

function setTls(file: SettingsFile, tls: Tls): string[] {
  file.set(["modelfleet:routing", "tls"], tls);
  return [`routing.tls: set (${tls.secretName ?? "the controller's certificate"})`];
}

function entriesOf(file: SettingsFile): string[] {
  const entries = file.get([ADOPT]);
  return Array.isArray(entries) ? entries.map(String) : [];
}

function addEntries(file: SettingsFile, entries: readonly string[]): string[] {
  const added = entries.filter((entry) => !entriesOf(file).includes(entry));
  for (const entry of added) {
    if (file.get([ADOPT]) === undefined) file.set([ADOPT], [entry]);
    else file.insert([ADOPT], entriesOf(file).length, entry);
  }
  return added.map((entry) => `adopt: added ${entry}`);
}

/** Removes entries of `adopt`, and the list with its last entry. */
export function removeEntries(file: SettingsFile, isOver: (entry: string) => boolean): string[] {
  const removed = entriesOf(file).filter(isOver);
  for (const entry of removed) file.remove([ADOPT, entriesOf(file).indexOf(entry)]);
  if (removed.length > 0 && entriesOf(file).length === 0) file.remove([ADOPT]);
  return removed.map((entry) => `adopt: removed ${entry}`);
}
