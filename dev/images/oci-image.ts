import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Header, pack, type Pack } from "tar-stream";

const MEDIA_TYPE = "application/vnd.oci.image";

/** A file or folder of an image; its content is given directly or as the path of a file. */
export type LayerEntry =
  | { readonly path: string; readonly content: Buffer | string; readonly mode?: number }
  | { readonly path: string; readonly from: string; readonly mode?: number }
  | { readonly path: string; readonly directory: true; readonly mode?: number };

/** A layer, or another part of an image. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly chunks: readonly Buffer[];
}

/** The settings of an image's containers. */
export interface ImageConfig {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly workingDir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An image with its full name, such as `modelfleet.local/pause:1`. */
export interface Image {
  readonly name: string;
  readonly layers: readonly Blob[];
  readonly config: ImageConfig;
}

/** Packs entries, sorted and without times and owners, so that the same files always give the same bytes. */
export async function createLayer(entries: readonly LayerEntry[]): Promise<Blob> {
  const tar = pack();
  // It is iterable, but its types do not say so.
  const done = collect(tar as unknown as AsyncIterable<Buffer>);
  for (const entry of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = entry.path.replace(/^\//, "");
    if ("directory" in entry) {
      add(tar, { name, type: "directory", mode: entry.mode ?? 0o755 }, []);
    } else {
      const content = "from" in entry ? await readFile(entry.from) : Buffer.from(entry.content);
      add(tar, { name, size: content.length, mode: entry.mode ?? 0o644 }, [content]);
    }
  }
  tar.finalize();
  return done;
}

/** Writes images as one OCI archive; a layer that several of them share is in it once. */
export async function writeArchive(path: string, images: readonly Image[]): Promise<void> {
  const blobs = new Map<string, Blob>();
  const store = (blob: Blob, type: string) => {
    blobs.set(blob.digest, blob);
    return { mediaType: `${MEDIA_TYPE}.${type}`, digest: blob.digest, size: blob.size };
  };
  const platform = { architecture: process.arch === "x64" ? "amd64" : process.arch, os: "linux" };
  const manifests = images.map((image) => {
    const layers = image.layers.map((layer) => store(layer, "layer.v1.tar"));
    const config = store(json({ ...platform, ...describe(image) }), "config.v1+json");
    const manifest = { schemaVersion: 2, mediaType: `${MEDIA_TYPE}.manifest.v1+json`, config, layers };
    return {
      ...store(json(manifest), "manifest.v1+json"),
      platform,
      annotations: {
        "io.containerd.image.name": image.name,
        "org.opencontainers.image.ref.name": image.name.slice(image.name.lastIndexOf(":") + 1),
      },
    };
  });

  const tar = pack();
  // Renamed at the end: a file with the final name is complete even if this process is killed.
  const partial = `${path}.${process.pid}`;
  const documents = {
    "oci-layout": json({ imageLayoutVersion: "1.0.0" }),
    "index.json": json({ schemaVersion: 2, mediaType: `${MEDIA_TYPE}.index.v1+json`, manifests }),
  };
  const files = [
    ...Object.entries(documents),
    ...[...blobs].map(([digest, blob]) => [`blobs/${digest.replace(":", "/")}`, blob] as const),
  ];
  for (const [name, { size, chunks }] of files) add(tar, { name, size, mode: 0o644 }, chunks);
  tar.finalize();
  try {
    await pipeline(tar, createWriteStream(partial));
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

function describe({ config, layers }: Image): object {
  return {
    config: {
      User: config.user,
      Entrypoint: config.entrypoint,
      WorkingDir: config.workingDir,
      Env: Object.entries(config.env).map(([name, value]) => `${name}=${value}`),
    },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
  };
}

function json(value: object): Blob {
  return toBlob([Buffer.from(JSON.stringify(value))]);
}

function toBlob(chunks: readonly Buffer[]): Blob {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return {
    digest: `sha256:${hash.digest("hex")}`,
    size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    chunks,
  };
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Blob> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return toBlob(chunks);
}

function add(tar: Pack, header: Partial<Header> & Pick<Header, "name">, chunks: readonly Buffer[]): void {
  const entry = tar.entry({ ...header, mtime: new Date(0), uid: 0, gid: 0 });
  for (const chunk of chunks) entry.write(chunk);
  entry.end(null);
}
