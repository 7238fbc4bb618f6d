import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { parseDocument } from "yaml";
import { problemOfModelId } from "../fleet/names";
import { isMap } from "./merge";
import { problem, type Problem } from "./problem";
import { changesBetween, mayHoldChanges, modelShape, problemsOfChanges, type Text } from "./written";

/** The catalog entries that stand in files of their own. */
export interface CatalogFiles {
  /** The entries by model ID, as `catalog` would hold them. */
  readonly entries: Readonly<Record<string, unknown>>;
  /** The path of each entry's file, by model ID. */
  readonly paths: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** The folder without the setting `catalogPath`. It may be missing. */
const DEFAULT_FOLDER = "catalog";

/** Path of the file with a model's catalog entry, whether or not it is there. @param root The folder of Pulumi.yaml. */
export function catalogFilePath(root: string, catalogPath: string | undefined, id: string): string {
  return join(root, catalogPath ?? DEFAULT_FOLDER, `${id}.yaml`);
}

/**
 * Reads `<folder>/<id>.yaml` of every model that has one: the same settings as under `catalog.<id>`, in a file per model,
 * and without Pulumi's limit for all settings together.
 *
 * @param root The folder of Pulumi.yaml, from which `catalogPath` is relative.
 */
export async function readCatalogFiles(root: string, catalogPath: string | undefined): Promise<CatalogFiles> {
  const folder = catalogPath ?? DEFAULT_FOLDER;
  const names = await readdir(join(root, folder)).catch(() => undefined);
  if (names === undefined) {
    const missing = problem(
      "catalogPath",
      catalogPath,
      "is no folder beside Pulumi.yaml",
      "create it, or remove the setting",
    );
    return { entries: {}, paths: new Map(), problems: catalogPath === undefined ? [] : [missing] };
  }
  const yaml = names.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith(".")).sort();
  const files = await Promise.all(yaml.map((name) => readEntry(root, `${folder}/${name}`, name)));
  return {
    entries: Object.fromEntries(files.flatMap(({ id, entry }) => (entry === undefined ? [] : [[id, entry]]))),
    paths: new Map(files.map(({ id, path }) => [id, path])),
    problems: files.flatMap(({ problems }) => problems),
  };
}

interface EntryFile {
  readonly id: string;
  readonly path: string;
  readonly entry?: unknown;
  readonly problems: readonly Problem[];
}

async function readEntry(root: string, path: string, name: string): Promise<EntryFile> {
  const id = name.replace(/\.ya?ml$/, "");
  const fail = (rule: string, fix: string): EntryFile => ({
    id,
    path,
    problems: [problem(path, undefined, rule, fix)],
  });
  if (name.endsWith(".yml")) return fail('must end in ".yaml"', `rename it to ${id}.yaml`);
  const rule = problemOfModelId(id);
  if (rule !== undefined)
    return fail(`the name ${JSON.stringify(id)} ${rule}`, "name the file by the model's ID");

  const text = await readFile(join(root, path), "utf8");
  const { parseDocument: parse } = await import("yaml");
  const document = parse(text, { merge: true });
  const [error] = document.errors;
  if (error !== undefined)
    return fail(`is not YAML (${error.message.split("\n")[0]?.replace(/:$/, "")})`, "");
  const entry: unknown = document.toJS() ?? {};
  if (!isMap(entry)) return fail("must be a map of the model's settings", "");
  return { id, path, entry, problems: problemsOfText(path, text, entry, parse) };
}

/** What YAML changed without a word, as in the stack's file. */
function problemsOfText(path: string, text: string, entry: unknown, parse: typeof parseDocument): Problem[] {
  if (!mayHoldChanges(text)) return [];
  const texts = parse(text, { schema: "failsafe", merge: true }).toJS() as Text;
  const changes = changesBetween(texts, JSON.parse(JSON.stringify(entry))) ?? [];
  return problemsOfChanges(changes, modelShape).map((line) => `${path}: ${line}`);
}

/**
 * Adds the entries to the settings as Pulumi stores them. A catalog that is no map stays as it is, for the schema.
 *
 * @returns The settings, and a problem for each model with two entries.
 */
export function withCatalogFiles(
  own: Readonly<Record<string, string>>,
  { entries, paths }: CatalogFiles,
): { readonly raw: Readonly<Record<string, string>>; readonly problems: readonly Problem[] } {
  if (Object.keys(entries).length === 0) return { raw: own, problems: [] };
  const catalog = catalogOf(own["catalog"]);
  if (catalog === undefined) return { raw: own, problems: [] };
  const twice = Object.keys(entries).filter((id) => catalog[id] !== undefined && catalog[id] !== null);
  const problems = twice.map((id) =>
    problem(`catalog.${id}`, undefined, `is in ${paths.get(id)} too`, "keep one of the two"),
  );
  return { raw: { ...own, catalog: JSON.stringify({ ...catalog, ...entries }) }, problems };
}

function catalogOf(raw: string | undefined): Record<string, unknown> | undefined {
  if (raw === undefined) return {};
  try {
    const value: unknown = JSON.parse(raw);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A problem of a catalog entry, with the file's name for its path if it stands in one. */
export function inItsFile(line: Problem, paths: ReadonlyMap<string, string>): Problem {
  const [, id = "", rest = ""] = /^catalog\.([a-z0-9-]+)(?:[.]|(?=\[|: ))(.*)$/s.exec(line) ?? [];
  const path = paths.get(id);
  if (path === undefined || line.includes(` is in ${path} too;`)) return line;
  return rest.startsWith(": ") ? `${path}${rest}` : `${path}: ${rest}`;
}
