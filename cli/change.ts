import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { catalogFilePath } from "../config/catalog-files";
import { say, step } from "../lib/progress";
import { readIfThere } from "../lib/read-if-there";
import { UsageError, UserError } from "../lib/user-error";
import { writeWhole } from "../lib/write-whole";
import { awaitAnswers, readinessUrls } from "./answers";
import { agrees, isInteractive } from "./ask";
import { type FleetDiff, isEmpty } from "./diff/fleet-diff";
import { modelStates } from "./model-states";
import { showPreview, updateSeen, updateUnseen } from "./part";
import { SettingsFile } from "./settings-file";
import { openStack, type OpenStack } from "./stack";
import { lastResult, NothingChanged, type UpdateResult } from "./update";

/** The options of every command that changes a stack. */
export interface ChangeOptions {
  readonly stack: string | undefined;
  /** Whether to update without a question. */
  readonly yes: boolean;
  /** Whether the result is printed as JSON: see {@link ChangeResult}. @default false */
  readonly json?: boolean;
}

/** What a command did that changes a stack. */
interface ChangeResult {
  readonly stack: string;
  /** How the settings file was edited, as sentences; empty if it is as before. */
  readonly settings: readonly string[];
  /** What the preview showed. */
  readonly diff: FleetDiff;
  /** Whether the update was agreed on, or there was nothing to do. */
  readonly done: boolean;
  /** How many objects the update created, changed or deleted. */
  readonly changes: number;
  /** URLs of the models that answer, by ID. */
  readonly urls: Readonly<Record<string, string>>;
}

/** A secret to set. */
export interface SecretEdit {
  /** As Pulumi takes it: `secrets.iris.API_KEY`. */
  readonly path: string;
  readonly value: () => Promise<string>;
}

/** An edit of the settings, which is all that distinguishes one change from another. */
export interface Edit {
  /** Edits the settings, and returns lines that say how. */
  readonly settings: (file: SettingsFile, opened: OpenStack) => readonly string[];
  /** Secrets to set, before the other settings: what is in the list of models is complete. @default none */
  readonly secrets?: readonly SecretEdit[];
  /** Paths of files to remove once the change is agreed on. @default none */
  readonly obsoleteFiles?: (file: SettingsFile, opened: OpenStack) => readonly string[];
  /**
   * The models that it changes, from the settings before it: if nothing else has changed since the last update, the others
   * are left as they are. @default not known, so that the whole fleet is updated
   */
  readonly changes?: (file: SettingsFile) => readonly string[];
  /** Whether to compare with the cluster first, which undoes edits by hand. @default false */
  readonly refresh?: boolean;
  /** The models that must answer in the end. @default none */
  readonly models?: readonly string[];
}

/**
 * Edits the stack's settings file, shows what the update will do, asks, and updates. Without an agreement, and where the
 * settings are wrong, the file is as before; after a failed or interrupted update it says what is wanted.
 *
 * @param stack The opened stack. @default opens that of the options
 * @returns whether the stack is as the file says: false without an agreement
 */
export async function change(options: ChangeOptions, edit: Edit, stack?: OpenStack): Promise<boolean> {
  checkCanAsk(options);
  const result = await changed(options, edit, stack ?? (await openStack(options.stack)));
  if (options.json) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  else for (const [id, url] of Object.entries(result.urls)) process.stdout.write(`${id}  ${url}\n`);
  return result.done;
}

/** @throws UsageError if nobody can be asked and nobody has agreed */
export function checkCanAsk({ yes }: Pick<ChangeOptions, "yes">): void {
  if (!yes && !isInteractive())
    throw new UsageError("there is no terminal to ask on; give --yes to update without a question");
}

async function changed(
  { yes }: Pick<ChangeOptions, "yes">,
  edit: Edit,
  opened: OpenStack,
): Promise<ChangeResult> {
  const { name: stack, settingsFile } = opened;
  const name = basename(settingsFile);
  const before = readIfThere(settingsFile);
  const file = SettingsFile.read(settingsFile);
  const obsolete = edit.obsoleteFiles?.(file, opened) ?? [];
  const undo = () => writeWhole(settingsFile, before);
  const undoFor = (error: unknown): never => {
    undo();
    say(`${name} is as before.`);
    throw error;
  };
  const settings = await editSettings(opened, edit).catch(undoFor);
  const ids = edit.refresh === true ? [] : (edit.changes?.(file) ?? []);
  const edited = { ...edit, ids, obsolete, undoFor };
  const result =
    (yes ? await withoutPreview(opened, edited) : undefined) ?? (await withPreview(opened, edited, { yes }));
  if (result.done) return { stack, settings, ...result };
  undo();
  say(`Nothing was changed; ${name} is as before.`);
  return { stack, settings: [], ...result };
}

/** An edit that the settings file has. */
interface Edited extends Edit {
  /** The models that it changes; empty if they are not known. */
  readonly ids: readonly string[];
  /** Paths of the files to remove. */
  readonly obsolete: readonly string[];
  /** Makes the settings file what it was, and throws the error because of which. */
  readonly undoFor: (error: unknown) => never;
}
type Result = Omit<ChangeResult, "stack" | "settings">;

/** Updates the changed models, if that is enough: whoever has agreed to all need not wait for a preview. */
async function withoutPreview(opened: OpenStack, edit: Edited): Promise<Result | undefined> {
  if (edit.ids.length === 0) return undefined;
  const result = await updateUnseen(opened, edit.ids).catch((error: unknown) => {
    if (error instanceof NothingChanged) edit.undoFor(error);
    // What was agreed on stays agreed on: the next update gets there.
    removeAll(edit.obsolete);
    throw error;
  });
  if (result === undefined) return undefined;
  removeAll(edit.obsolete);
  const { diff, changes } = result;
  return { diff, done: true, changes, urls: await answeringUrls(opened, result, edit.models ?? []) };
}

function removeAll(paths: readonly string[]): void {
  for (const path of paths) rmSync(path);
}

async function withPreview(
  opened: OpenStack,
  edit: Edited,
  { yes }: Pick<ChangeOptions, "yes">,
): Promise<Result> {
  const { ids, refresh = false, models = [] } = edit;
  const shown = await showPreview(opened, yes ? [] : ids, { refresh }).catch(edit.undoFor);
  const { diff } = shown;
  const isNothing = isEmpty(diff);
  if (!isNothing && !yes && !(await agrees(`Update stack ${opened.name}?`)))
    return { diff, done: false, changes: 0, urls: {} };
  removeAll(edit.obsolete);
  const result = isNothing
    ? { ...(await lastResult(opened.stack, opened.variables)), changes: 0 }
    : await updateSeen(opened, ids, shown, { refresh });
  const urls = await answeringUrls(opened, result, models);
  return { diff, done: true, changes: result.changes, urls };
}

async function editSettings(opened: OpenStack, { settings, secrets = [] }: Edit): Promise<readonly string[]> {
  // A wrong edit is an error before anybody is asked for a secret.
  settings(SettingsFile.read(opened.settingsFile), opened);
  for (const { path, value } of secrets) await setSecret(opened, path, await value());
  const file = SettingsFile.read(opened.settingsFile);
  const lines = settings(file, opened);
  if (lines.length > 0) file.write();
  const all = [...lines, ...secrets.map(({ path }) => `${path}: set, encrypted`)];
  const name = basename(opened.settingsFile);
  say(
    all.length === 0 ? `${name} says so already.` : `${name}:\n${all.map((line) => `  ${line}`).join("\n")}`,
  );
  return all;
}

/** The value goes through a pipe: other users of the machine can read the arguments of a process. */
async function setSecret(
  { name, workspace, variables }: OpenStack,
  path: string,
  value: string,
): Promise<void> {
  const args = [
    "config",
    "set",
    "--secret",
    "--path",
    `modelfleet:${path}`,
    "--stack",
    name,
    "--non-interactive",
  ];
  const env = { ...process.env, ...variables };
  const child = spawn("pulumi", args, { cwd: workspace.workDir, env, stdio: ["pipe", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.end(value);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0)
    throw new UserError(`pulumi could not set ${path}: ${errors.trim().replace(/^error: /, "")}`);
}

/** Waits until models answer through their routes, and returns their URLs. */
async function answeringUrls(
  { owner }: OpenStack,
  { outputs, cluster }: Pick<UpdateResult, "outputs" | "cluster">,
  models: readonly string[],
): Promise<Record<string, string>> {
  if (models.length === 0) return {};
  const urls = Object.entries((outputs["urls"] ?? {}) as Record<string, string>);
  const own = Object.fromEntries(urls.filter(([id]) => models.includes(id)));
  const only = models.length === 1 ? models[0] : undefined;
  const states = await modelStates(cluster, String(outputs["namespace"]), owner, championsIn(outputs), only);
  const asked = readinessUrls(own, states);
  if (Object.keys(asked).length === 0) return own;
  const silent = await step("Waiting until the models answer", () => awaitAnswers(asked));
  if (silent.size > 0)
    throw new UserError(`some models do not answer:\n- ${[...silent.values()].join("\n- ")}`);
  return own;
}

/** The champions of the models that have variants. */
function championsIn(outputs: UpdateResult["outputs"]): Record<string, string> {
  const models = (outputs["models"] ?? {}) as Record<string, { readonly champion?: string }>;
  return Object.fromEntries(
    Object.entries(models).flatMap(([id, { champion }]) => (champion === undefined ? [] : [[id, champion]])),
  );
}

/** The file of a model's own catalog entry, if there is one. */
export function catalogFile({ workspace }: OpenStack, file: SettingsFile, id: string): string | undefined {
  const folder = file.get(["modelfleet:catalogPath"]);
  const path = catalogFilePath(workspace.workDir, typeof folder === "string" ? folder : undefined, id);
  return existsSync(path) ? path : undefined;
}
