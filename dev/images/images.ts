import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { execa, ExecaError } from "execa";
import { digest } from "../../lib/digest";
import { ROOT } from "../../lib/paths";
import { UserError } from "../../lib/user-error";
import { PAUSE_IMAGE } from "../cluster/node/config";
import { findCatatonit } from "../cluster/node/prerequisites";
import { type Blob, createLayer, type Image, type LayerEntry, writeArchive } from "./oci-image";

/** Names of the images that are loaded into the local node without a registry. */
export const MODEL_SERVER_IMAGE = "modelfleet.local/model-server:1";
export const DEFAULT_BACKEND_IMAGE = "modelfleet.local/default-backend:1";

const MODELS = join(ROOT, "examples/model-server/models");
const NODE = "/usr/local/bin/node";
/** The user of every image: not root, and numeric, because the kubelet can check `runAsNonRoot` only on a number. */
const USER = 65532;

/** A further image of the model server, beside the one of `buildImages`. */
export interface ModelServerImageOptions {
  /** The tag after `modelfleet.local/model-server:`. */
  readonly tag: string;
  /** Environment variables of the image, such as `{ MODEL_VERSION: "2" }`. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Writes the images of the examples and the pause image to a folder, as OCI archives that need no registry, and returns
 * the archives' paths. A path has a hash of the content, so an existing archive is not written again.
 *
 * @param catatonit The path of a statically linked catatonit. @default that of the machine, which a real node needs
 * @throws UserError when there is none.
 */
export async function buildImages(directory: string, catatonit = findCatatonit()): Promise<string[]> {
  if (catatonit === undefined)
    throw new UserError("catatonit is needed for the image of pause: install its package, then try again.");
  const pause = { catatonit, modified: `${(await stat(catatonit)).mtimeMs}` };
  return Promise.all([
    cached(directory, "pause", pause, async () => [await pauseImage(catatonit)]),
    cached(directory, "examples", {}, async () => {
      const base = await nodeLayer();
      return [
        image(MODEL_SERVER_IMAGE, [base, await modelServerLayer()]),
        image(DEFAULT_BACKEND_IMAGE, [base, await defaultBackendLayer()]),
      ];
    }),
  ]);
}

/** Writes the model server's image with another tag, and returns the archive's path. */
export async function buildModelServerImage(
  directory: string,
  { tag, env = {} }: ModelServerImageOptions,
): Promise<string> {
  const name = `modelfleet.local/model-server:${tag}`;
  return cached(directory, `model-server-${tag}`, env, async () => [
    image(name, [await nodeLayer(), await modelServerLayer()], env),
  ]);
}

function image(name: string, layers: readonly Blob[], env: Readonly<Record<string, string>> = {}): Image {
  const path = { PATH: "/usr/local/bin:/usr/bin:/bin" };
  return {
    name,
    layers,
    config: {
      user: `${USER}`,
      entrypoint: [NODE, "/app/main.mjs"],
      workingDir: "/app",
      env: { ...path, ...env },
    },
  };
}

/** The image of the process that holds a pod's namespaces open: `-P` makes catatonit wait, and reap orphaned processes. */
async function pauseImage(catatonit: string): Promise<Image> {
  const layer = await createLayer([{ path: "/catatonit", from: catatonit, mode: 0o755 }]);
  return {
    name: PAUSE_IMAGE,
    layers: [layer],
    config: { user: `${USER}`, entrypoint: ["/catatonit", "-P"], workingDir: "/", env: {} },
  };
}

/** The Node.js that runs this program, with the shared libraries of Node.js and ONNX Runtime. */
async function nodeLayer(): Promise<Blob> {
  const libraries = await sharedLibraries([process.execPath, ...(await onnxBinaries())]);
  const user = `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${USER}:${USER}:nonroot:/tmp:/sbin/nologin\n`;
  return createLayer([
    { path: NODE, from: process.execPath, mode: 0o755 },
    ...libraries.map((path) => ({ path, from: path, mode: 0o755 })),
    { path: "/etc/passwd", content: user },
    { path: "/tmp", directory: true, mode: 0o1777 },
  ]);
}

async function modelServerLayer(): Promise<Blob> {
  const models = (await readdir(MODELS)).map((name) => ({
    path: `/models/${name}`,
    from: join(MODELS, name),
  }));
  return createLayer([...(await bundle("model-server")), ...models, ...(await onnxRuntime())]);
}

async function defaultBackendLayer(): Promise<Blob> {
  return createLayer(await bundle("default-backend"));
}

async function bundle(example: string): Promise<LayerEntry[]> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "examples", example, "main.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    // It looks for its binaries beside its own files.
    external: ["onnxruntime-node"],
  });
  return outputFiles.map(({ contents }) => ({ path: "/app/main.mjs", content: Buffer.from(contents) }));
}

/** The installed ONNX Runtime, without the binaries of other platforms. */
async function onnxRuntime(): Promise<LayerEntry[]> {
  const javaScript = ["onnxruntime-node", "onnxruntime-common"].map(async (name) => {
    const folder = packageFolder(name);
    const names = await readdir(folder, { recursive: true });
    return names
      .filter((file) => /^package\.json$|^dist\/(cjs\/)?[^/]+\.js(on)?$/.test(file))
      .map((file) => join(folder, file));
  });
  const files = [...(await Promise.all(javaScript)).flat(), ...(await onnxBinaries())];
  const modules = dirname(packageFolder("onnxruntime-node"));
  return files.map((from) => ({ path: `/app/node_modules${from.slice(modules.length)}`, from }));
}

async function onnxBinaries(): Promise<string[]> {
  const folder = join(packageFolder("onnxruntime-node"), "bin/napi-v3/linux", process.arch);
  return (await readdir(folder)).map((name) => join(folder, name));
}

function packageFolder(name: string): string {
  return join(ROOT, "node_modules", name);
}

/** The libraries that the dynamic linker loads for some binaries, except those in the binaries' own folders. */
export async function sharedLibraries(binaries: readonly string[]): Promise<string[]> {
  const { stdout } = await command("ldd", [...binaries]);
  const paths = [...stdout.matchAll(/^\t(?:\S+ => )?(\/\S+) \(0x/gm)].map((match) => match[1] as string);
  const own = new Set(binaries.map((path) => basename(path)));
  return [...new Set(paths)].filter((path) => !own.has(basename(path)));
}

async function command(
  file: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ stdout: string }> {
  try {
    return await execa(file, args, options);
  } catch (error) {
    if (!(error instanceof ExecaError) || error.code !== "ENOENT") throw error;
    throw new UserError(
      `"${file}" is not on PATH, and the images of the local cluster need it: install it, then try again`,
    );
  }
}

/** Writes an archive unless one of the same inputs exists; removes older archives of the same stem. */
async function cached(
  directory: string,
  stem: string,
  further: Readonly<Record<string, string>>,
  create: () => Promise<Image[]>,
): Promise<string> {
  const platform = `${process.platform}/${process.arch}`;
  if (!["linux/x64", "linux/arm64"].includes(platform)) {
    throw new UserError(
      `images for the local cluster contain this machine's binaries: it must be linux/x64 or linux/arm64, not ${platform}`,
    );
  }
  const path = join(directory, `${stem}-${await inputDigest(further)}.tar`);
  if (existsSync(path)) return path;
  await mkdir(directory, { recursive: true });
  const former = await readdir(directory);
  await writeArchive(path, await create());
  const stale = former.filter((name) => name.replace(/-[0-9a-f]{16}\.tar$/, "") === stem);
  await Promise.all(stale.map((name) => rm(join(directory, name), { force: true })));
  return path;
}

/** A digest of the images' inputs: the content of small files, the identity of Node.js, the versions of packages, and what is given. */
async function inputDigest(further: Readonly<Record<string, string>>): Promise<string> {
  const { size, mtimeMs } = await stat(process.execPath);
  const sources = await readdir(join(ROOT, "examples"), { recursive: true });
  const files = sources
    .filter((name) => /^(common|model-server|default-backend)\/(models\/)?[^/]+\.(ts|onnx|json)$/.test(name))
    .map((name) => join(ROOT, "examples", name));
  files.push(join(ROOT, "package.json"), join(packageFolder("onnxruntime-node"), "package.json"));
  const node = [process.arch, process.version, process.execPath, size, mtimeMs];
  const contents = await Promise.all(files.toSorted().map((file) => readFile(file)));
  return digest(
    Buffer.concat([Buffer.from(JSON.stringify([node, Object.entries(further).toSorted()])), ...contents]),
    16,
  );
}
