import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { digest } from "../../lib/digest";
import { GO_MODULES, type ToolName, TOOLS } from "./versions";

/** What every build has in common; a change of it makes a new binary. */
export const BUILD_FLAGS = ["-mod=readonly", "-buildvcs=false", "-trimpath"] as const;

/**
 * The folder, outside every checkout, where built programs are kept: `$MODELFLEET_CACHE`, else `modelfleet` in
 * `$XDG_CACHE_HOME`, else in `~/.cache`. May be deleted at any time; what is needed is then built again.
 */
export function cacheDirectory(): string {
  const { MODELFLEET_CACHE, XDG_CACHE_HOME } = process.env;
  return resolve(MODELFLEET_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "modelfleet"));
}

/** The linker's flags of a program: no symbol tables, and the version where the program does not know its own. */
export function linkerFlags(name: ToolName): string {
  const { stamp } = TOOLS[name];
  return stamp ? `-s -w -X ${stamp}` : "-s -w";
}

/**
 * A program's place in the cache, such as `bin/etcd-3.6.6-0123456789ab/etcd`. The last part is a hash of all that
 * decides the binary, so that another go.sum or flag never finds the old one.
 */
export function cachedPath(name: ToolName): string {
  const { folder, version } = TOOLS[name];
  const flags = [process.platform, process.arch, ...BUILD_FLAGS, linkerFlags(name)].join("\n");
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
