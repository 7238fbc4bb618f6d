import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { stringify } from "yaml";
import { catalogFilePath } from "../../config/catalog-files";
import { mapOf } from "../../config/merge";
import { PREFIX } from "../../config/prefix";
import { problem, type Problem, reportOf } from "../../config/problem";
import { say } from "../../lib/progress";
import { someOf } from "../../lib/some-of";
import { UserError } from "../../lib/user-error";
import { writeWhole } from "../../lib/write-whole";
import { projectFolder } from "../project";
import { readBase } from "./base";
import { type Imported, problemsOfImport } from "./check";
import { collect } from "./collect";
import { readDocuments } from "./documents";

/** Long values stay on their lines, and no value refers to another one. */
const YAML = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** What the command line says. */
export interface ImportOptions {
  /** A stack's settings file, whose Gateway, runtimes and so on the models are to have. @default none */
  readonly settings?: string | undefined;
  /** Whether each model gets a file in the folder `catalog` beside Pulumi.yaml. @default everything is printed */
  readonly write: boolean;
  /** Whether a name that is no model ID becomes the nearest one. @default it is a problem */
  readonly "fix-ids": boolean;
}

/** The settings of an import, and what it does not carry over, one line each. */
export interface ImportResult extends Imported {
  readonly notes: readonly string[];
}

/**
 * Turns documents of KServe, KubeAI and Seldon into settings.
 *
 * @param files Their paths; `-` is standard input.
 * @throws UserError with every problem of every document at once
 */
export function importFiles(files: readonly string[], options: Omit<ImportOptions, "write">): ImportResult {
  const base = readBase(options.settings);
  const documents = readDocuments(files);
  const { report, drafts, ...imported } = collect(documents, base, options["fix-ids"]);
  const problems = [...documents.problems, ...report.problems];
  if (drafts.size > 0) problems.push(...problemsOfImport(imported, base, drafts));
  else if (problems.length === 0) throw new UserError("the files have no model");
  if (problems.length > 0) throw reportOf(problems, "the documents");
  const notes = [...report.notes].map(([line, names]) => `${line} (${someOf([...names], NAMED)})`);
  return { ...imported, notes };
}

/** The work of `npx modelfleet import`: settings go to standard output, what is lost to standard error. */
export function runImport(files: readonly string[], options: ImportOptions): void {
  const result = importFiles(files, options);
  const written = options.write ? writeEntries(result.catalog) : [];
  process.stdout.write(settingsText(result, options.write));
  for (const line of noteLines(result.notes)) say(line);
  for (const path of written) say(`wrote ${path}`);
}

function noteLines(notes: readonly string[]): string[] {
  if (notes.length === 0) return ["Every field is carried over."];
  return ["Changed, or not carried over:", ...notes.map((line) => `  ${line}`)];
}

/** A settings file of a stack: with its name, `pulumi stack init` takes it. */
export function settingsText({ ids, catalog, fleet }: Imported, isWritten: boolean): string {
  const all = { models: ids, ...fleet, ...(!isWritten && { catalog }) };
  const config = Object.fromEntries(Object.entries(all).map(([key, value]) => [`${PREFIX}${key}`, value]));
  return stringify({ config }, YAML);
}

/** Writes a file per model. @returns Their paths. @throws UserError when one is there already; then nothing is written */
function writeEntries(catalog: Imported["catalog"]): string[] {
  const root = projectFolder();
  const files = Object.entries(catalog).map(([id, entry]) => ({
    id,
    entry,
    path: catalogFilePath(root, undefined, id),
  }));
  const problems = files
    .filter(({ path }) => existsSync(path))
    .map(({ path }): Problem =>
      problem(
        relative(root, path),
        undefined,
        "exists already",
        "remove it first, or import to standard output without --write",
      ),
    );
  if (problems.length > 0) throw reportOf(problems, "the files to write");
  for (const { path, entry } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, stringify(mapOf(entry), YAML));
  }
  return files.map(({ path }) => join(relative(process.cwd(), path)));
}

/** How many names a sentence has. */
const NAMED = 3;
