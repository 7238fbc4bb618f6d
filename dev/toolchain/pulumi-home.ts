import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { digest } from "../../lib/digest";
import { writeWhole } from "../../lib/write-whole";
import { cacheDirectory } from "./cache";
import { PULUMI_TOOLS, type PulumiTools } from "./ensure";
import { PROVIDER_VERSION } from "./versions";

/** The folders in which Pulumi finds its programs. */
export interface PulumiHome {
  /** Absolute path for `PULUMI_HOME`: its plugin folder holds the Kubernetes provider. */
  readonly directory: string;
  /** Absolute path of a folder to put first on `PATH`: it holds pulumi, its language host and kubectl. */
  readonly bin: string;
}

/**
 * Lays programs out where Pulumi looks for them, in a folder of the cache that is named by a hash of their paths.
 * Pulumi warns about a provider on PATH and about a language host that is not beside it; this layout avoids both.
 */
export function pulumiHome(tools: PulumiTools): PulumiHome {
  const key = digest(PULUMI_TOOLS.map((name) => tools[name]).join("\n"), 12);
  const directory = join(cacheDirectory(), "pulumi-home", key);
  const bin = join(directory, "bin");
  const provider = "pulumi-resource-kubernetes";
  place(tools[provider], join(directory, "plugins", `resource-kubernetes-v${PROVIDER_VERSION}`, provider));
  for (const name of ["pulumi", "pulumi-language-nodejs", "kubectl"] as const)
    place(tools[name], join(bin, name));
  withoutLogs(directory);
  return { directory, bin };
}

/**
 * Since 3.249, pulumi writes a log of every step of every command, which no variable turns off: a preview of 300 models
 * took a quarter longer. It goes on without one where it cannot make its folder of logs, because a file has the name.
 */
function withoutLogs(directory: string): void {
  const logs = join(directory, "logs");
  if (!existsSync(logs)) writeWhole(logs, "This file keeps pulumi from writing a log of every step.\n");
}

/**
 * Puts a program at a second path. Pulumi looks for its language host beside its own file, after following symbolic
 * links. Built programs are in folders of their own, so they get hard links. Installed ones are in one folder already,
 * perhaps on another disk, so they get symbolic links.
 */
function place(program: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}`;
  rmSync(part, { force: true });
  if (!program.startsWith(cacheDirectory() + sep)) symlinkSync(program, part);
  else {
    try {
      linkSync(program, part);
    } catch {
      copyFileSync(program, part); // Some file systems have no hard links.
    }
  }
  renameSync(part, path);
  rmSync(part, { force: true });
}
