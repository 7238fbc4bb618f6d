import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { withLock } from "../../lib/lock.mjs";
import { duration, say, step } from "../../lib/progress";
import { BUILD_FLAGS, cachedPath, linkerFlags } from "./cache";
import { findGo, type Go } from "./go";
import { kindsOf } from "./kinds";
import { inSources } from "./sources";
import { GO_MODULES, type ToolName, TOOLS } from "./versions";

/**
 * Builds that run side by side. Two, because one compiles while the other links or downloads, which uses one core or
 * none. More would compete for the cores, and the largest builds take up to 3 GB each.
 */
const LANES = totalmem() < 8 * 1024 ** 3 ? 1 : 2;
/**
 * The Go modules that are built first. The longest starts first, so that it does not run alone at the end; beside it, what
 * a cluster needs, so that it starts while the rest is built.
 */
const FIRST = [
  "pulumi-resource-kubernetes",
  "kubernetes",
  "kwok",
  "etcd",
  "gateway-api",
  "traefik",
  "pulumi",
  "pulumi-language-nodejs",
  "envoy-gateway",
  "promtool",
];

/**
 * Builds programs into the cache with Go and prints progress. Waits for a program that another process is building.
 *
 * @param isThere Gets each program, once it can be used.
 * @param stopped Ends the builds when it fires.
 * @throws UserError when Go is missing or too old, or when a build fails.
 */
export async function buildTools(
  names: readonly ToolName[],
  isThere: (name: ToolName) => void,
  stopped: AbortSignal,
): Promise<void> {
  const list = names.join(", ");
  const failure = new AbortController();
  const go = await findGo(
    join(GO_MODULES, "etcd"),
    `to build what is not installed (${list})`,
    AbortSignal.any([failure.signal, stopped]),
  );
  const title = `Building ${names.length === 1 ? list : `${names.length} programs`} with Go, once for this machine`;
  await step(title, async (detail) => {
    const buildOne = counted(names.length, detail, async (name) => {
      await build(name, go);
      isThere(name);
    });
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

/** The same work, with its progress: what is being done since when, and how many are done. */
function counted(
  total: number,
  detail: (text: string) => void,
  work: (name: ToolName) => Promise<void>,
): (name: ToolName) => Promise<void> {
  const running = new Map<ToolName, string>();
  let done = 0;
  const report = () => {
    const now = [...running].map(([name, since]) => `${name} since ${since}`).join(", ");
    detail(`${done} of ${total} built, now ${now}`);
  };
  return async (name) => {
    const began = performance.now();
    running.set(name, new Date().toTimeString().slice(0, 8));
    report();
    await work(name);
    running.delete(name);
    done++;
    say(`  ${name} (${done} of ${total}, ${duration(performance.now() - began)})`);
    report();
  };
}

/** Programs of one Go module are built one after another: side by side, each would compile the shared packages. */
function byModule(names: readonly ToolName[]): ToolName[][] {
  const groups = new Map<string, ToolName[]>();
  for (const name of names) {
    const { folder } = TOOLS[name];
    groups.set(folder, [...(groups.get(folder) ?? []), name]);
  }
  const rank = (folder: string) => (FIRST.includes(folder) ? FIRST.indexOf(folder) : FIRST.length);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b)).map(([, group]) => group);
}

/** Builds one program under its lock; the binary gets its name only when it is complete. */
async function build(name: ToolName, go: Go): Promise<void> {
  const path = cachedPath(name);
  const folder = dirname(path);
  const part = `${name}.part-`;
  await mkdir(folder, { recursive: true });
  const waiting = (pid: number) => say(`  ${name}: waiting for process ${pid}, which is building it`);
  await withLock(`${path}.lock`, { waiting }, async () => {
    if (existsSync(path)) return;
    for (const file of await readdir(folder)) if (file.startsWith(part)) await rm(join(folder, file));
    const output = join(folder, part + process.pid);
    const { package: program, tags } = TOOLS[name];
    await inSources(name, go, async (sources) => {
      if (program === undefined) return writeFile(output, await kindsOf(name, go, sources));
      const flags = [...BUILD_FLAGS, ...(tags === undefined ? [] : ["-tags", tags])];
      await go(sources, ["build", ...flags, "-ldflags", linkerFlags(name), "-o", output, program]);
    });
    await rename(output, path);
  });
}
