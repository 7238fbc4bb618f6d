import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { sharedLibraries } from "../../dev/images/images";
import { createLayer, type Image, type LayerEntry, writeArchive } from "../../dev/images/oci-image";
import { cacheDirectory } from "../../dev/toolchain/cache";
import { pythonPackages, requirementsFile } from "../../dev/toolchain/python";
import { digest } from "../../lib/digest";
import { withLock } from "../../lib/lock.mjs";
import { say, step } from "../../lib/progress";

/** Images of PyPI's packages, in place of those that their projects publish and that the tests cannot pull. */
export const MLSERVER_IMAGE = "modelfleet.local/mlserver:1.7.1";
export const INITIALIZER_IMAGE = "modelfleet.local/storage-initializer:0.21.0";

const PYTHON = "/usr/local/bin/python3";
const PACKAGES = "/opt/packages";

/** What MLServer's own image runs, in place of its shell's line. */
const START_MLSERVER =
  "import os, sys; from mlserver.cli import main; sys.argv[1:] = ['start', os.environ['MLSERVER_MODELS_DIR']]; main()";

/** The initializer's program, which the package does not have, at its place in KServe's image. */
const INITIALIZER = "/storage-initializer/scripts/initializer-entrypoint";
const INITIALIZER_PROGRAM = `#!${PYTHON}
import sys
from kserve_storage import Storage
from kserve_storage.logging import configure_logging
configure_logging()
Storage.download_files([sys.argv[1]], [sys.argv[2]])
`;

/** An archive with both images, and the Python in which a test trains a model and runs a client. */
export interface PythonImages {
  readonly archive: string;
  readonly interpreter: string;
}

/** @returns The images, or why there are none. */
export async function pythonImages(): Promise<PythonImages | { reason: string }> {
  const packages = await pythonPackages("servers");
  if ("reason" in packages) return packages;
  const { interpreter, folder } = packages;
  const inputs = [requirementsFile("servers"), import.meta.filename].map((file) => readFile(file, "utf8"));
  const key = digest(JSON.stringify([folder, ...(await Promise.all(inputs))]), 12);
  const archive = join(cacheDirectory(), "images", `python-${key}.tar`);
  const waiting = (pid: number) => say(`  waiting for process ${pid}, which packs the same images`);
  await withLock(`${archive}.lock`, { waiting }, async () => {
    if (existsSync(archive)) return;
    await mkdir(join(cacheDirectory(), "images"), { recursive: true });
    await step("Pack the images of MLServer and of the storage-initializer", async () =>
      writeArchive(archive, await images(interpreter)),
    );
  });
  return { archive, interpreter };
}

async function images(interpreter: string): Promise<Image[]> {
  const python = await installed(interpreter);
  const library = await filesBelow(
    python.library,
    /^(site-packages|test|idlelib|tkinter|config-[^/]*)(\/|$)/,
  );
  const packages = await filesBelow(
    python.packages,
    /(^|\/)tests?(\/|$)|^(pip|setuptools|pkg_resources)(-|\/|$)/,
  );
  const binaries = [...library, ...packages].filter((file) => /\.so(\.|$)/.test(file));
  const libraries = (await sharedLibraries([python.executable, ...binaries])).filter(
    (file) => !file.startsWith(python.packages),
  );
  const base = await createLayer([
    { path: PYTHON, from: python.executable, mode: 0o755 },
    ...[...library, ...libraries].map((path): LayerEntry => ({ path, from: path, mode: 0o755 })),
    { path: "/etc/passwd", content: "nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n" },
    { path: "/tmp", directory: true, mode: 0o1777 },
    { path: INITIALIZER, content: INITIALIZER_PROGRAM, mode: 0o755 },
    ...packages.map((from) => ({ path: PACKAGES + from.slice(python.packages.length), from })),
  ]);
  const env = { PATH: "/usr/local/bin", PYTHONHOME: python.home, PYTHONPATH: PACKAGES };
  const config = { user: "65532", workingDir: "/tmp", env };
  return [
    {
      name: MLSERVER_IMAGE,
      layers: [base],
      config: { ...config, entrypoint: [PYTHON, "-c", START_MLSERVER] },
    },
    { name: INITIALIZER_IMAGE, layers: [base], config: { ...config, entrypoint: [INITIALIZER] } },
  ];
}

interface Installed {
  readonly executable: string;
  readonly home: string;
  readonly library: string;
  readonly packages: string;
}

/** Where an interpreter, its library and the packages of its environment are. */
async function installed(interpreter: string): Promise<Installed> {
  const script = `import json, os, sys, sysconfig
print(json.dumps({"executable": os.path.realpath(sys.executable), "home": sys.base_prefix,
  "library": sysconfig.get_path("stdlib"), "packages": sysconfig.get_path("purelib")}))`;
  const { stdout } = await execa(interpreter, ["-c", script]);
  return JSON.parse(stdout) as Installed;
}

/** @param without Paths from the folder that are left out. */
async function filesBelow(folder: string, without: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => existsSync(file) && !without.test(file.slice(folder.length + 1)));
}
