import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap } from "./merge";
import { type Problem, problem } from "./problem";
import { configDirectory } from "./project-file";
import { type IsSecret, isSecretKey } from "./secrecy";
import { changesBetween, isEncrypted, mayHoldChanges, problemsOfChanges, type Text } from "./written";

/** What the stack's own file says about the settings that Pulumi read from it. */
export interface StackFile {
  readonly problems: readonly Problem[];
  readonly isSecret: IsSecret;
}

/** Where the settings come from. */
export interface StackFileArgs {
  readonly stack: string;
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  /** The prefix of the settings, such as `modelfleet:`. */
  readonly prefix: string;
  /** Keys that hold an encrypted value somewhere, as the engine names them, with their prefix. */
  readonly encryptedKeys: ReadonlySet<string>;
}

/**
 * Reads the stack's file a second time, for what Pulumi does not tell: which values are encrypted beside others, and
 * what the text of a scalar was before YAML made something else of it.
 *
 * @param own The settings as Pulumi stores them, without prefix.
 */
export async function readStackFile(
  own: Readonly<Record<string, string>>,
  args: StackFileArgs,
): Promise<StackFile> {
  const { folder, stack, prefix, encryptedKeys } = args;
  const name = `Pulumi.${stack}.yaml`;
  const yaml = await readFile(join(folder, await configDirectory(folder), name), "utf8").catch(
    () => undefined,
  );
  const hasSecrets = Object.keys(own).some((key) => isSecretKey(key) && encryptedKeys.has(`${prefix}${key}`));
  const isNamed: IsSecret = (key) => encryptedKeys.has(`${prefix}${key}`);
  // Loading and running the parser takes longer than everything else that the program does before it registers.
  const isNeeded = hasSecrets || (yaml !== undefined && mayHoldChanges(yaml));
  if (!isNeeded) return { problems: [], isSecret: isNamed };

  const file = yaml === undefined ? undefined : await parsed(yaml);
  const texts = file && ownTexts(file.texts, prefix);
  const changes = file && texts && changesOf(texts, own, file.hasEnvironment);
  if (file === undefined || texts === undefined || changes === undefined)
    return { problems: hasSecrets ? [notJudged(name)] : [], isSecret: isNamed };
  return {
    problems: problemsOfChanges(changes.filter(({ path: [key] }) => !isSecretKey(String(key)))),
    isSecret: (key, ...path) => isNamed(key) && isEncryptedAt(texts[key], path, file.hasEnvironment),
  };
}

function notJudged(name: string): Problem {
  return problem(
    "secrets",
    undefined,
    `cannot be checked for values in plain text, since ${name} does not hold these settings`,
    `keep them in ${name} beside Pulumi.yaml (a file that --config-file names cannot be checked)`,
  );
}

/** A settings file, its scalars as they are written; undefined if it is no map, or not one YAML document. */
async function parsed(yaml: string): Promise<{ texts: Text; hasEnvironment: boolean } | undefined> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(yaml, { schema: "failsafe", merge: true });
  if (document.errors.length > 0) return undefined;
  const whole: unknown = document.toJS();
  if (!isMap(whole)) return undefined;
  // Pulumi ESC adds the values of an environment, which are not in the file.
  return { texts: (whole["config"] ?? {}) as Text, hasEnvironment: whole["environment"] !== undefined };
}

function ownTexts(texts: Text, prefix: string): Record<string, Text> {
  const entries = isMap(texts) ? Object.entries(texts) : [];
  return Object.fromEntries(
    entries.filter(([key]) => key.startsWith(prefix)).map(([key, text]) => [key.slice(prefix.length), text]),
  );
}

/** Undefined if the settings are not those of the file. */
function changesOf(
  texts: Readonly<Record<string, Text>>,
  own: Readonly<Record<string, string>>,
  hasEnvironment: boolean,
): ReturnType<typeof changesBetween> {
  const all = Object.entries(own).map(([key, raw]) => {
    const text = texts[key];
    if (hasEnvironment && text === undefined) return [];
    const value: unknown = typeof text === "object" && text !== null ? valueOf(raw) : raw;
    return changesOfKey(key, text, value) ?? (hasEnvironment ? [] : undefined);
  });
  return all.some((part) => part === undefined) ? undefined : all.flatMap((part) => part ?? []);
}

/** Pulumi stores a scalar under a key of the settings as the text that YAML made of it. */
function changesOfKey(
  key: string,
  text: Text | undefined,
  value: unknown,
): ReturnType<typeof changesBetween> {
  if (typeof text !== "string" || typeof value !== "string" || text === value)
    return changesBetween(text, value, [key]);
  return mayHoldChanges(text) ? [{ path: [key], text, value }] : undefined;
}

function valueOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/** Whether the value at a path, or all of what holds it, is encrypted. What is not in the file is not. */
function isEncryptedAt(
  text: Text | undefined,
  [key, ...rest]: readonly string[],
  hasEnvironment: boolean,
): boolean {
  if (isEncrypted(text)) return true;
  if (text === undefined) return hasEnvironment;
  // The whole of a key: whether there is an encrypted value in it, the engine has said.
  if (key === undefined) return isMap(text);
  return isMap(text) && isEncryptedAt(text[key], rest, hasEnvironment);
}
