import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../lib/user-error";
import { cachedPath, type Completed } from "./cache";
import type { Go } from "./go";
import { GO_MODULES, LEGO, type ToolName, TOOLS } from "./versions";

/** Pulumi's Kubernetes SDK for Go. */
const SDK = "github.com/pulumi/pulumi-kubernetes/sdk/v4";

/**
 * Runs work in the folder that a program is built in: its Go module, or a temporary copy of it when the build needs
 * files that are not committed.
 */
export async function inSources<T>(name: ToolName, go: Go, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(GO_MODULES, TOOLS[name].folder);
  const complete = name in COMPLETIONS ? COMPLETIONS[name as Completed] : undefined;
  if (!complete) return work(folder);
  // Beside the binary and under its lock, so that the next build finds and replaces the copy of a killed one.
  const copy = `${cachedPath(name)}.sources`;
  await rm(copy, { recursive: true, force: true });
  try {
    await cp(folder, copy, { recursive: true });
    await complete(go, copy);
    return await work(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const COMPLETIONS: Readonly<Record<Completed, (go: Go, folder: string) => Promise<void>>> = {
  // The provider embeds its schema. Its module has the file, beside a command that does not build unchanged.
  "pulumi-resource-kubernetes": async (go, folder) => {
    const { module, moduleVersion } = TOOLS["pulumi-resource-kubernetes"];
    const { Dir } = await download(go, folder, `${module}@${moduleVersion}`);
    for (const file of ["schema.json", "terraform-mapping.json"]) {
      await copyFile(join(Dir, "cmd", "pulumi-resource-kubernetes", file), join(folder, file));
    }
    // It would compile Go's types of every kind of Kubernetes, a quarter of its code, to hold what its components register.
    const sdk = await download(go, folder, SDK);
    await copyWritable(sdk.Dir, join(folder, "sdk"), () => true);
    const kinds = join(folder, "sdk", "go", "kubernetes", "yaml", "v2", "kinds.go");
    await writeFile(kinds, withOneType(await readFile(kinds, "utf8")));
    await go(folder, ["mod", "edit", "-replace", `${SDK}=./sdk`]);
  },

  // The newest version of the language host that can be downloaded lacks two methods of today's engine. They stand in a
  // file of their own, beside its sources, which are the package `main`.
  "pulumi-language-nodejs": async (go, folder) => {
    const { module, moduleVersion } = TOOLS["pulumi-language-nodejs"];
    const { Dir } = await download(go, folder, `${module}@${moduleVersion}`);
    for (const file of await readdir(Dir)) {
      if (file.endsWith(".go") && !file.endsWith("_test.go"))
        await copyFile(join(Dir, file), join(folder, file));
    }
  },

  // Traefik's ACME client imports an SDK per DNS provider; many cannot be downloaded, and none is needed here.
  traefik: async (go, folder) => {
    const { Dir, Sum } = await download(go, folder, `${LEGO.module}@${LEGO.version}`);
    // go.mod replaces this module with the copy, so no go.sum has its hash.
    if (Sum !== LEGO.sum) {
      throw new UserError(
        `${LEGO.module}@${LEGO.version}: checksum mismatch: expected ${LEGO.sum}, got ${Sum}`,
      );
    }
    const from = join(Dir, "providers", "dns");
    const dns = join(folder, "lego", "providers", "dns");
    await copyWritable(Dir, join(folder, "lego"), (subfolder) => dirname(subfolder) !== from);
    await rm(join(dns, "zz_gen_dns_providers.go"));
    await copyFile(join(folder, "lego-stub.go"), join(dns, "zz_gen_dns_providers.go"));
  },
};

/**
 * The file of Pulumi's Kubernetes SDK that registers objects for the provider's components `yaml/v2` and `helm/v4`, with one
 * type for all. What is registered depends on the names in it, which stay; nobody reads the fields of the type.
 */
export function withOneType(kinds: string): string {
  return kinds
    .replace(/^\t\w+ "github\.com\/pulumi\/pulumi-kubernetes\/sdk\/v4\/.*"\n/gm, "")
    .replace(/^(\t+var res )\w+\.\w+$/gm, "$1apiextensions.CustomResource");
}

/** Copies a folder of Go's module cache, which is read-only, into folders that can be changed and removed. */
async function copyWritable(from: string, to: string, wanted: (subfolder: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!entry.isDirectory()) await copyFile(source, target);
    else if (wanted(source)) await copyWritable(source, target, wanted);
  }
}

/** Downloads a module into Go's own cache; Go checks it against go.sum or the checksum database. */
export async function download(
  go: Go,
  folder: string,
  module: string,
): Promise<{ Dir: string; Sum: string }> {
  return JSON.parse(await go(folder, ["mod", "download", "-json", module])) as { Dir: string; Sum: string };
}
