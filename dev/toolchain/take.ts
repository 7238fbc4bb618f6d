import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { digest } from "../../lib/digest";
import { withLock } from "../../lib/lock.mjs";
import { say } from "../../lib/progress";
import { cacheDirectory, recipeOf } from "./cache";
import type { Download, Source } from "./downloads";
import { fetchFile, NotDownloaded, shown } from "./fetch-file";
import { kindsFile } from "./kinds";
import { mirrored } from "./mirror";

/** A file has another checksum than the pinned one: it is damaged, or somebody changed it. */
export class WrongChecksum extends NotDownloaded {
  constructor(
    what: string,
    readonly pinned: string,
    readonly received: string,
  ) {
    super(what, "has a wrong checksum");
  }
}

/** The folder of the cache for what a source has; its name has all that decides what is in it, so no change finds an old file. */
export function folderOf({ name, version, files, content }: Source): string {
  const recipe = content === "kinds" ? recipeOf("kinds.ts") : "";
  const key = digest(JSON.stringify([files.map(({ sha256 }) => sha256), content, recipe]), 12);
  return join(cacheDirectory(), "bin", `${name}-${version}-${key}`);
}

/**
 * Downloads what a source has, under its lock; a program gets its name only when it is complete.
 *
 * @param report Gets the number of bytes of each part that arrives.
 * @throws NotDownloaded
 */
export async function take(source: Source, report: (bytes: number) => void): Promise<void> {
  const folder = folderOf(source);
  const part = join(folder, "part");
  await mkdir(folder, { recursive: true });
  const waiting = (pid: number) =>
    say(`  ${source.name}: waiting for process ${pid}, which is downloading it`);
  await withLock(join(folder, "lock"), { waiting }, async () => {
    if (source.tools.every((tool) => existsSync(join(folder, tool)))) return;
    await rm(part, { recursive: true, force: true });
    await mkdir(part);
    try {
      const files = source.files.map((file, index) => fetchPinned(file, join(part, `file-${index}`), report));
      // When one fails, the others still write: nobody else may get the folder before they have ended.
      await Promise.allSettled(files);
      const ready = await unpacked(source, await Promise.all(files), part);
      for (const [tool, path] of Object.entries(ready)) {
        await chmod(path, 0o755);
        await rename(path, join(folder, tool));
      }
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  });
}

/** Downloads a file, and removes it if it is not the pinned one. */
async function fetchPinned(
  { url, sha256 }: Download,
  to: string,
  report: (bytes: number) => void,
): Promise<string> {
  const from = mirrored(url);
  const received = await fetchFile(from, to, report);
  if (received.sha256 === sha256) return to;
  await rm(to);
  throw new WrongChecksum(shown(new URL(from)), sha256, received.sha256);
}

/** The files to be used, by tool: of an archive its programs, of kinds one file of all, else the file itself. */
async function unpacked(
  { name, files, tools, content }: Source,
  paths: readonly string[],
  part: string,
): Promise<Record<string, string>> {
  const [path = ""] = paths;
  if (content === "program") return { [name]: path };
  if (content === "kinds") {
    await writeFile(path, kindsFile(await Promise.all(paths.map((one) => readFile(one, "utf8")))));
    return { [name]: path };
  }
  // All of it: some archives write their paths as `./program`, which tar does not find by `program`.
  const folder = join(part, "unpacked");
  await mkdir(folder);
  // As root, tar would give the files to whoever packed them, which fails where this user is unknown.
  const tar = await execa("tar", ["-xzf", path, "-o", "-C", folder], { reject: false });
  const found = tools.map((tool) => [tool, join(folder, content[tool] ?? tool)] as const);
  const missing = found.filter(([, program]) => !existsSync(program)).map(([tool]) => tool);
  if (tar.failed || missing.length > 0) {
    const reason = tar.failed ? tar.stderr || String(tar.shortMessage) : `it has no ${missing.join()}`;
    throw new NotDownloaded(
      shown(new URL(files[0]?.url ?? "")),
      `cannot be unpacked (${reason.split("\n")[0]})`,
    );
  }
  return Object.fromEntries(found);
}
