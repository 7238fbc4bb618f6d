import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../../lib/until";

const ROOT = "/sys/fs/cgroup";

/** How long the kernel may take to remove killed processes from their cgroups, in milliseconds. */
const EMPTY_TIMEOUT_MS = 15_000;

/** Creates the parent cgroup of the node's pods, in every hierarchy of the machine. */
export async function createCgroup(name: string): Promise<void> {
  if (isVersion2()) return createUnifiedCgroup(name);
  for (const hierarchy of await hierarchies()) await mkdir(join(hierarchy, name), { recursive: true });
  // A new cpuset is empty and accepts no process until it has processors and memory.
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const parent = join(ROOT, "cpuset", file);
    if (existsSync(parent)) await writeFile(join(ROOT, "cpuset", name, file), await readFile(parent));
  }
}

/** Removes that cgroup and all below it; throws when it still has processes after 15 s. */
export async function removeCgroup(name: string): Promise<void> {
  const roots = isVersion2() ? [ROOT] : await hierarchies();
  let busy: Error | undefined;
  const areGone = async () => {
    try {
      for (const root of roots) await removeTree(join(root, name));
      return true;
    } catch (error) {
      busy = error as Error;
      if ((error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
      return false;
    }
  };
  if (!(await until(areGone, { intervalMs: 50, timeoutMs: EMPTY_TIMEOUT_MS }))) throw busy as Error;
}

/** Written from the documentation of the kernel and the kubelet, and never tried on a machine with cgroup v2. */
async function createUnifiedCgroup(name: string): Promise<void> {
  const available = (await readFile(join(ROOT, "cgroup.controllers"), "utf8")).trim().split(/\s+/);
  const wanted = ["cpu", "cpuset", "hugetlb", "io", "memory", "pids"].filter((one) =>
    available.includes(one),
  );
  const enable = wanted.map((controller) => `+${controller}`).join(" ");
  const enabled = (await readFile(join(ROOT, "cgroup.subtree_control"), "utf8")).trim().split(/\s+/);
  // Only if needed: in a container, the kernel refuses this write when the root cgroup has a process.
  if (!wanted.every((one) => enabled.includes(one)))
    await writeFile(join(ROOT, "cgroup.subtree_control"), enable);
  await mkdir(join(ROOT, name), { recursive: true });
  await writeFile(join(ROOT, name, "cgroup.subtree_control"), enable);
}

function isVersion2(): boolean {
  return existsSync(join(ROOT, "cgroup.controllers"));
}

/** The mounted hierarchies of cgroup v1. Controllers that share one (`cpu`, `cpuacct`) are links to its folder. */
async function hierarchies(): Promise<string[]> {
  // A machine without cgroups has no such folder; it cannot have a real node either.
  const entries = await readdir(ROOT, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(ROOT, entry.name));
}

async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  }
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
