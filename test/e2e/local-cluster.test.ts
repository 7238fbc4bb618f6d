import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, inject, test } from "vitest";
import { runningCluster, startCluster, stopCluster } from "../../dev/cluster/cluster";
import { clusterId } from "../../dev/cluster/network";
import { processesOf } from "../../dev/cluster/processes";
import type { Cluster } from "../../dev/cluster/types";
import { TEST_CLUSTER_PREFIX } from "../../dev/places";
import { CLUSTER_TOOLS, ensureTools, NODE_TOOLS } from "../../dev/toolchain/ensure";

const beside = inject("real");
const directory = mkdtempSync(join(tmpdir(), `${TEST_CLUSTER_PREFIX}aside-`));

afterAll(async () => {
  await stopCluster(directory);
  rmSync(directory, { recursive: true, force: true });
});

/** What on this machine belongs to a cluster: processes, links, routes, mounts, cgroups and firewall tables. */
async function traces(): Promise<string[]> {
  const id = clusterId(directory);
  const ours = (text: string) => text.includes(directory) || text.includes(id);
  const list = async (command: string, ...args: string[]) => {
    const { stdout, failed } = await execa(command, args, { reject: false });
    return failed ? [] : stdout.split("\n").filter(ours);
  };
  // Not every command line names its cluster; the environment and the cgroup of its processes do.
  const processes = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => ["cmdline", "environ", "cgroup"].some((file) => ours(read(`/proc/${pid}/${file}`))))
    .map((pid) => `process ${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
  const cgroups = existsSync("/sys/fs/cgroup")
    ? ["", ...safeList("/sys/fs/cgroup")].flatMap((one) => safeList(`/sys/fs/cgroup/${one}`))
    : [];
  return [
    ...processes,
    ...(await list("ip", "link")),
    ...(await list("ip", "route")),
    ...(await list("nft", "list", "tables")),
    ...read("/proc/self/mountinfo").split("\n").filter(ours),
    ...cgroups.filter(ours),
  ];
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function safeList(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

test.runIf(process.platform === "linux")(
  "a second cluster runs beside the first, listens only on loopback, and leaves nothing behind",
  async () => {
    const tools = await ensureTools([...CLUSTER_TOOLS, ...(beside.nodes === "real" ? NODE_TOOLS : [])]);
    const pause = inject("images").filter((path) => basename(path).startsWith("pause"));
    const aside: Cluster = await startCluster({
      name: "aside",
      directory,
      nodes: beside.nodes,
      images: pause,
      tools,
    });
    expect(aside.kubeconfig).not.toBe(beside.kubeconfig);
    expect(await runningCluster(directory)).toEqual(aside);
    expect(await runningCluster(beside.directory)).toEqual(beside);
    expect(await traces()).not.toEqual([]);

    const { stdout } = await execa("ss", ["-Hltnp"]);
    const pids = (await processesOf(directory)).map(({ pid }) => `pid=${pid},`);
    const listeners = stdout.split("\n").filter((line) => pids.some((pid) => line.includes(pid)));
    expect(listeners.length).toBeGreaterThan(3);
    // The local address of each line, such as "LISTEN 0 4096 127.0.0.1:20003 0.0.0.0:* users:...".
    const addresses = listeners.map((line) => line.split(/\s+/)[3] ?? "");
    expect(addresses.filter((address) => /^(0\.0\.0\.0|\*|\[::\]):/.test(address))).toEqual([]);

    await stopCluster(directory);
    expect(await traces()).toEqual([]);
    expect(await runningCluster(beside.directory)).toEqual(beside);
    // Stopping twice is harmless.
    await stopCluster(directory);
  },
);
