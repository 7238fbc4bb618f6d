import { mkdir, writeFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../lib/paths";
import { LOCAL_DIRECTORY } from "../places";
import {
  ETCD_VERSION,
  HELM_VERSION,
  KUBERNETES_VERSION,
  KWOK_VERSION,
  PROVIDER_VERSION,
  PULUMI_VERSION,
} from "../toolchain/versions";
import type { BenchOptions } from "./options";
import type { Run, Summary } from "./statistics";

/** The machine and the versions of a benchmark, which must be known to compare two of them. */
export interface Circumstances {
  readonly date: string;
  readonly commit: string;
  /** Whether the checkout had uncommitted changes. */
  readonly modified: boolean;
  readonly machine: {
    readonly cores: number;
    readonly processor: string;
    readonly memoryGiB: number;
    readonly platform: string;
    /** The load average of the minute before the benchmark. */
    readonly load: number;
  };
  readonly versions: Readonly<Record<string, string>>;
}

/** Reads the machine and the checkout. Call it before the first measurement, which changes the load. */
export async function circumstances(): Promise<Circumstances> {
  const git = async (...args: readonly string[]) =>
    (await execa("git", args, { cwd: ROOT, reject: false })).stdout ?? "";
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    commit: (await git("rev-parse", "--short=12", "HEAD")) || "unknown",
    modified: (await git("status", "--porcelain")) !== "",
    machine: {
      cores: cpus().length,
      processor: first?.model.trim() ?? "unknown",
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
      platform: `${platform()} ${arch()}`,
      load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    },
    versions: {
      node: process.versions.node,
      pulumi: PULUMI_VERSION,
      "pulumi-kubernetes": PROVIDER_VERSION,
      kubernetes: KUBERNETES_VERSION,
      etcd: ETCD_VERSION,
      kwok: KWOK_VERSION,
      helm: HELM_VERSION,
    },
  };
}

/** The circumstances in one line, to print above the table. */
export function describe({ date, commit, modified, machine, versions }: Circumstances): string {
  const { cores, processor, load } = machine;
  const tools = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const checkout = `commit ${commit}${modified ? " with changes" : ""}`;
  return `${date.slice(0, 10)}, ${checkout}, ${cores} cores (${processor}, load ${load} before), ${tools.join(", ")}`;
}

/** The content of a benchmark's file. */
export interface Report extends Circumstances {
  readonly options: BenchOptions;
  /** Medians and spreads. */
  readonly summaries: readonly Summary[];
  readonly runs: readonly Run[];
}

/** Writes a report to `.modelfleet/bench/<date>.json` and returns the path. */
export async function writeReport(report: Report): Promise<string> {
  const folder = join(LOCAL_DIRECTORY, "bench");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${report.date.replace(/:/g, "-").replace(/\.\d+/, "")}.json`);
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return file;
}
