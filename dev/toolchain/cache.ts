import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { digest } from "../../lib/digest";
import { GO_MODULES, type ToolName, TOOLS } from "./versions";

/** Flags of every build; changing them makes new binaries. What debuggers need is not compiled, since it is not linked. */
export const BUILD_FLAGS = [
  "-mod=readonly",
  "-buildvcs=false",
  "-trimpath",
  "-gcflags=all=-dwarf=false",
] as const;

/**
 * The folder for built programs, outside every checkout: `$MODELFLEET_CACHE`, else `modelfleet` in `$XDG_CACHE_HOME`,
 * else in `~/.cache`. It may be deleted at any time: the next command builds what it needs again.
 */
export function cacheDirectory(): string {
  const { MODELFLEET_CACHE, XDG_CACHE_HOME } = process.env;
  return resolve(MODELFLEET_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "modelfleet"));
}

/** The linker's flags for a program: no symbol tables, and the version if the program does not know its own. */
export function linkerFlags(name: ToolName): string {
  const { stamp } = TOOLS[name];
  return stamp ? `-s -w -X ${stamp}` : "-s -w";
}

/** The programs whose sources are changed before they are built: how is in `sources.ts`. */
export type Completed = "pulumi-resource-kubernetes" | "pulumi-language-nodejs" | "traefik";
const COMPLETED: Readonly<Record<Completed, true>> = {
  "pulumi-resource-kubernetes": true,
  "pulumi-language-nodejs": true,
  traefik: true,
};

/** The text of a file of this folder that decides what becomes of sources. */
export function recipeOf(file: "kinds.ts" | "sources.ts"): string {
  return readFileSync(join(import.meta.dirname, file), "utf8");
}

/**
 * A program's path in the cache, such as `bin/etcd-3.6.6-0123456789ab/etcd`. The folder's name ends with a hash of
 * everything that affects the binary, so that a change to go.sum or a flag never finds the old one.
 */
export function cachedPath(name: ToolName): string {
  const { folder, version, kinds, tags } = TOOLS[name];
  const how = [
    ...(kinds === undefined ? [] : [...kinds, recipeOf("kinds.ts")]),
    ...(tags === undefined ? [] : [tags]),
    ...(name in COMPLETED ? [recipeOf("sources.ts")] : []),
  ];
  const flags = [process.platform, process.arch, ...BUILD_FLAGS, linkerFlags(name), ...how].join("\n");
  const key = digest(flags + folderDigest(join(GO_MODULES, folder)), 12);
  return join(cacheDirectory(), "bin", `${folder}-${version}-${key}`, name);
}

const folderDigests = new Map<string, string>();

function folderDigest(folder: string): string {
  const known = folderDigests.get(folder);
  if (known) return known;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const found = digest(
    files.map((file) => `${relative(folder, file)}\0${readFileSync(file, "utf8")}`).join(""),
  );
  folderDigests.set(folder, found);
  return found;
}
