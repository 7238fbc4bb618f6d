import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { digest } from "../../lib/digest";
import { ROOT } from "../../lib/paths";
import { step } from "../../lib/progress";
import { cacheDirectory } from "./cache";

const REQUIREMENTS = join(ROOT, "dev", "toolchain", "requirements.txt");

/** Paths of a virtual environment and of its Python. */
export interface PythonPackages {
  readonly folder: string;
  readonly interpreter: string;
}

/**
 * Installs the Python packages of `requirements.txt`, Kubernetes' and Pulumi's own, into a folder of the cache, once.
 *
 * @returns The path of a virtual environment and of its Python, or why there is none.
 */
export async function pythonPackages(): Promise<PythonPackages | { reason: string }> {
  const version = await execa("python3", ["--version"], { reject: false });
  if (version.failed) return { reason: "there is no python3 on PATH" };
  const key = digest(`${version.stdout}\n${readFileSync(REQUIREMENTS, "utf8")}`, 12);
  const folder = join(cacheDirectory(), "python", key);
  const interpreter = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return { folder, interpreter };
  return step("Installing Kubernetes' and Pulumi's Python packages", async () => {
    rmSync(folder, { recursive: true, force: true });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    for (const [file, args] of [
      ["python3", ["-m", "venv", folder]],
      [interpreter, [...pip, "--requirement", REQUIREMENTS]],
    ] as const) {
      const { failed, stderr, stdout } = await execa(file, args, { reject: false, stdin: "ignore" });
      if (failed) {
        const line = (stderr || stdout).trim().split("\n").at(-1);
        return { reason: `\`python3 ${args.slice(0, 2).join(" ")}\` failed: ${line}` };
      }
    }
    writeFileSync(complete, "");
    return { folder, interpreter };
  });
}
