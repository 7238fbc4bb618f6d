import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { withLock } from "../../lib/lock.mjs";
import { duration, say, step } from "../../lib/progress";
import { BUILD_FLAGS, cachedPath, linkerFlags } from "./cache";
import { findGo, type Go } from "./go";
import { inSources } from "./sources";
import { GO_MODULES, type ToolName, TOOLS } from "./versions";

/**
 * The longest first, so that no long build is left alone at the end. Two run side by side: while one links or
 * downloads, which keeps one core busy or none, the other compiles. More would only compete, and the largest take up
 * to 3 GB each.
 */
const LANES = totalmem() < 8 * 1024 ** 3 ? 1 : 2;
const LONGEST_FIRST = ["pulumi-resource-kubernetes", "kubernetes", "traefik", "pulumi", "kwok"].reverse();

/**
 * Builds programs into the cache with Go, and says so. What another process builds at the same time is waited for,
 * not built twice.
 *
 * @throws UserError when Go is missing or too old, or when a build fails.
 */
export async function buildTools(names: readonly ToolName[]): Promise<void> {
  const list = names.join(", ");
  const failure = new AbortController();
  const go = await findGo(
    join(GO_MODULES, "etcd"),
    `to build what is not installed (${list})`,
    failure.signal,
  );
  const running = new Map<ToolName, string>();
  let done = 0;
  say(`Not installed in a version that serves: ${list}.`);
  const title = `Building ${names.length === 1 ? list : `${names.length} programs`} with Go, once for this machine`;
  await step(title, async (detail) => {
    const report = () => {
      const now = [...running].map(([name, since]) => `${name} since ${since}`).join(", ");
      detail(`${done} of ${names.length} built, now ${now}`);
    };
    const buildOne = async (name: ToolName) => {
      const began = performance.now();
      running.set(name, new Date().toTimeString().slice(0, 8));
      report();
      await build(name, go);
      running.delete(name);
      done++;
      say(`  ${name} (${done} of ${names.length}, ${duration(performance.now() - began)})`);
      report();
    };
    const queue = byModule(names);
    const lane = async () => {
      for (let group = queue.shift(); group; group = queue.shift())
        for (const name of group) await buildOne(name);
    };
    try {
      await Promise.all(Array.from({ length: LANES }, lane));
    } catch (error) {
      failure.abort();
      throw error;
    }
  });
}

/** Programs of one Go module follow each other: built at once, each would compile the packages that they share. */
function byModule(names: readonly ToolName[]): ToolName[][] {
  const groups = new Map<string, ToolName[]>();
  for (const name of names) {
    const { folder } = TOOLS[name];
    groups.set(folder, [...(groups.get(folder) ?? []), name]);
  }
  const rank = (folder: string) => LONGEST_FIRST.indexOf(folder);
  return [...groups].sort(([a], [b]) => rank(b) - rank(a)).map(([, group]) => group);
}

/** Builds one program under its lock; the binary gets its name only once it is whole. */
async function build(name: ToolName, go: Go): Promise<void> {
  const path = cachedPath(name);
  const folder = dirname(path);
  const part = `${name}.part-`;
  await mkdir(folder, { recursive: true });
  const waiting = (pid: number) => say(`  ${name}: process ${pid} is building it, waiting for that`);
  await withLock(`${path}.lock`, { waiting }, async () => {
    if (existsSync(path)) return;
    for (const file of await readdir(folder)) if (file.startsWith(part)) await rm(join(folder, file));
    const output = join(folder, part + process.pid);
    await inSources(name, go, (sources) =>
      go(sources, [
        "build",
        ...BUILD_FLAGS,
        "-ldflags",
        linkerFlags(name),
        "-o",
        output,
        TOOLS[name].package,
      ]),
    );
    await rename(output, path);
  });
}
