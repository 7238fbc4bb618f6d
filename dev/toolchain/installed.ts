import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { execa } from "execa";
import { writeWhole } from "../../lib/write-whole";
import { isExecutable } from "../executable";
import { cacheDirectory } from "./cache";
import { isCompatible, PROVIDER_VERSION, type ToolName, TOOLS } from "./versions";

const ASK_TIMEOUT_MS = 10_000;

/**
 * The path of an installed program in a compatible version; undefined when there is none.
 *
 * Most are looked for on PATH. Pulumi's language host counts only beside its pulumi, since both belong together, and
 * the provider only in Pulumi's own plugin folder, because one on PATH makes Pulumi warn at every update.
 */
export async function installedPath(name: ToolName): Promise<string | undefined> {
  if (TOOLS[name].package === undefined) return undefined;
  if (name === "pulumi-resource-kubernetes") return installedProvider();
  if (name === "pulumi-language-nodejs") {
    const pulumi = await installedPath("pulumi");
    return pulumi && languageHostBeside(pulumi);
  }
  for (const path of onPath(name)) {
    if (name === "pulumi" && !languageHostBeside(path)) continue;
    const version = await versionOf(name, path);
    if (isCompatible(name, version)) return path;
  }
  return undefined;
}

/** The first executable of this name on PATH, in any version; undefined when there is none. */
export function firstOnPath(command: string): string | undefined {
  return onPath(command)[0];
}

function onPath(command: string): string[] {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !isOwn(folder))
    .map((folder) => join(folder, command))
    .filter(isExecutable);
}

/** Programs that this project built are not "installed": a shell that ran `npm run env` would pin old versions. */
function isOwn(path: string): boolean {
  return path.startsWith(cacheDirectory() + sep);
}

function languageHostBeside(pulumi: string): string | undefined {
  return [pulumi, realpathSync(pulumi)]
    .map((path) => join(dirname(path), "pulumi-language-nodejs"))
    .find(isExecutable);
}

function installedProvider(): string | undefined {
  // In a shell that ran `npm run env`, PULUMI_HOME is a folder of this project, not the user's own.
  const { PULUMI_HOME: home } = process.env;
  const plugins = join(home && !isOwn(home) ? home : join(homedir(), ".pulumi"), "plugins");
  const folder = join(plugins, `resource-kubernetes-v${PROVIDER_VERSION}`);
  const path = join(folder, "pulumi-resource-kubernetes");
  // Pulumi leaves this file beside a plugin whose installation was interrupted.
  return isExecutable(path) && !existsSync(`${folder}.partial`) ? path : undefined;
}

/** Asking a program for its version takes up to a second, so the answer is kept until the file changes. */
async function versionOf(name: ToolName, path: string): Promise<string> {
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  const known = remembered()[key];
  if (known !== undefined) return known;
  const answer = await execa(path, TOOLS[name].versionArgs ?? ["--version"], {
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: ASK_TIMEOUT_MS,
  });
  const version = /\d+\.\d+\.\d+/.exec(answer.all ?? "")?.[0] ?? "";
  // No exit code means that the program was stopped or did not start: it may answer the next time.
  if (answer.exitCode !== undefined) remember(key, version);
  return version;
}

function memory(): string {
  return join(cacheDirectory(), "versions-on-path.json");
}

function remembered(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(memory(), "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

function remember(key: string, version: string): void {
  const path = memory();
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, JSON.stringify({ ...remembered(), [key]: version }, undefined, 2));
}
