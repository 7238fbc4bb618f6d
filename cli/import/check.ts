import { isMap, merge, without } from "../../config/merge";
import type { Problem } from "../../config/problem";
import { resolveFleet } from "../../config/resolve";
import { UserError } from "../../lib/user-error";
import type { Base } from "./base";
import type { Draft } from "./draft";

/** The settings that an import makes, by key without prefix. */
export interface Imported {
  /** Sorted. */
  readonly ids: readonly string[];
  /** By ID. */
  readonly catalog: Readonly<Record<string, unknown>>;
  /** Settings of the fleet as a whole. */
  readonly fleet: Readonly<Record<string, unknown>>;
}

/** The problems that a preview would have with the settings, each at the field that it comes from. */
export function problemsOfImport(
  { ids, catalog, fleet }: Imported,
  base: Base,
  drafts: ReadonlyMap<string, Draft>,
): Problem[] {
  const { secrets } = base;
  const others = without(base, ["models", "catalog", "secrets"]);
  const shared =
    isMap(secrets) && secrets["defaults"] !== undefined ? { secrets: { defaults: secrets["defaults"] } } : {};
  const settings = { ...(merge(others, fleet) as object), ...shared, models: ids, catalog };
  return linesOf(settings)
    .filter((line) => !follows(line, drafts))
    .map((line) => atItsField(line, drafts));
}

function linesOf(settings: Readonly<Record<string, unknown>>): Problem[] {
  const raw = Object.entries(settings).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  try {
    resolveFleet(Object.fromEntries(raw) as Record<string, string>);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

/** What a model lacks because its document has a problem already: an image, a placeholder's value, a profile. */
const FOLLOWING =
  /^catalog\.([a-z0-9-]+)[.[].*?((image|storageUri): is missing|: refers to \$\(KSERVE_|names no profile of )/;

function follows(line: Problem, drafts: ReadonlyMap<string, Draft>): boolean {
  const draft = drafts.get(FOLLOWING.exec(line)?.[1] ?? "");
  return draft !== undefined && draft.report.failed.has(draft.source);
}

/** The line with the document and the field that the setting comes from. */
function atItsField(line: Problem, drafts: ReadonlyMap<string, Draft>): Problem {
  const [, id = ""] = /^catalog\.([a-z0-9-]+)[.:[]/.exec(line) ?? [];
  const draft = drafts.get(id);
  if (draft === undefined) return line;
  const rest = line.slice(`catalog.${id}.`.length);
  const [field] = [...draft.fields]
    .filter(([setting]) => rest.startsWith(setting) && !/^[\w-]/.test(rest.slice(setting.length)))
    .sort(([a], [b]) => b.length - a.length)
    .map(([, from]) => from);
  return `${draft.source.place}${field === undefined ? "" : `, ${field}`}: ${line}`;
}
