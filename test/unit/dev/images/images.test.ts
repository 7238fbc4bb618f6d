import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAUSE_IMAGE } from "../../../../dev/cluster/node/config";
import {
  buildImages,
  buildModelServerImage,
  DEFAULT_BACKEND_IMAGE,
  MODEL_SERVER_IMAGE,
} from "../../../../dev/images/images";
import { createLayer } from "../../../../dev/images/oci-image";
import { digest } from "../../../../lib/digest";
import { freePort } from "../../../support/free-port";

interface Image {
  readonly config: { User: string; Entrypoint: string[]; Env: string[] };
  /** Paths of the unpacked archive's layers. */
  readonly layers: string[];
}

const TIMEOUT_MS = 120_000;
/** Any program in the place of catatonit, which only machines with a real node have: nothing here runs it. */
const PAUSE = "/bin/true";
const folder = mkdtempSync(join(tmpdir(), "modelfleet-images-"));

async function untar(archive: string, target = mkdtempSync(join(folder, "untar-"))): Promise<string> {
  await execa("tar", ["-xf", archive, "-C", target]);
  return target;
}

function json<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), "utf8")) as T;
}

/** Reads an archive as a container runtime does: its index, then manifests, configurations and layers. */
async function read(archive: string): Promise<Map<string, Image>> {
  const root = await untar(archive);
  const blob = ({ digest }: { digest: string }) => join(root, "blobs", digest.replace(":", "/"));
  const { manifests } = json<{ manifests: { digest: string; annotations: Record<string, string> }[] }>(
    root,
    "index.json",
  );
  return new Map(
    manifests.map((entry) => {
      const manifest = json<{ config: { digest: string }; layers: { digest: string }[] }>(blob(entry));
      const { config } = json<{ config: Image["config"] }>(blob(manifest.config));
      return [
        entry.annotations["io.containerd.image.name"] ?? "",
        { config, layers: manifest.layers.map(blob) },
      ];
    }),
  );
}

function fileDigest(path: string): string {
  return digest(readFileSync(path));
}

describe.runIf(process.platform === "linux")("the images", { timeout: TIMEOUT_MS }, () => {
  let archives: string[];
  let images: Map<string, Image>;
  beforeAll(async () => {
    archives = await buildImages(folder, PAUSE);
    images = new Map((await Promise.all(archives.map(read))).flatMap((map) => [...map]));
  }, TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function image(name: string): Image {
    const found = images.get(name);
    if (!found) throw new Error(`${name} was not built`);
    return found;
  }

  test("are the model server, the default backend and pause, each with a user other than root", () => {
    expect([...images.keys()].sort()).toEqual([DEFAULT_BACKEND_IMAGE, MODEL_SERVER_IMAGE, PAUSE_IMAGE]);
    expect([...images.values()].map(({ config }) => config.User)).toEqual(["65532", "65532", "65532"]);
  });

  test("have a pause that waits for the end of its pod, in one file", async () => {
    const { config, layers } = image(PAUSE_IMAGE);
    expect(config.Entrypoint).toEqual(["/catatonit", "-P"]);
    const root = await untar(layers[0] ?? "");
    expect(readdirSync(root)).toEqual(["catatonit"]);
    expect(readFileSync(join(root, "catatonit"))).toEqual(readFileSync(PAUSE));
  });

  test("name each layer by the digest of its bytes, and share the layer of Node.js", () => {
    const layers = [...images.values()].flatMap((each) => each.layers);
    expect(layers).toHaveLength(5);
    expect(new Set(layers).size).toBe(4);
    for (const layer of layers) expect(layer.endsWith(`/sha256/${fileDigest(layer)}`)).toBe(true);
  });

  test("are not written again when nothing has changed", async () => {
    const written = archives.map((path) => statSync(path).mtimeMs);
    expect(await buildImages(folder, PAUSE)).toEqual(archives);
    expect(archives.map((path) => statSync(path).mtimeMs)).toEqual(written);
  });

  test("have the same bytes in another folder", async () => {
    const again = await buildImages(mkdtempSync(join(folder, "other-")), PAUSE);
    expect(again.map(fileDigest)).toEqual(archives.map(fileDigest));
  });

  test("differ from another tag only in the environment, with one archive per tag", async () => {
    await buildModelServerImage(folder, { tag: "2", env: { MODEL_VERSION: "1" } });
    const archive = await buildModelServerImage(folder, { tag: "2", env: { MODEL_VERSION: "2" } });
    const second = (await read(archive)).get("modelfleet.local/model-server:2");
    const { config, layers } = image(MODEL_SERVER_IMAGE);
    expect(second?.layers.map(fileDigest)).toEqual(layers.map(fileDigest));
    expect(second?.config).toEqual({ ...config, Env: [...config.Env, "MODEL_VERSION=2"] });
    const kept = readdirSync(folder).filter((name) => name.endsWith(".tar"));
    expect(kept.map((name) => name.replace(/-[0-9a-f]+\.tar$/, "")).sort()).toEqual([
      "examples",
      "model-server-2",
      "pause",
    ]);
  });

  test("contain all files of the model server, which answers without others and drains on SIGTERM", async () => {
    const { layers, config } = image(MODEL_SERVER_IMAGE);
    const root = await untar(layers[0] ?? "");
    await untar(layers[1] ?? "", root);
    const port = await freePort();
    const [node = "", main = ""] = config.Entrypoint;
    const server = execa(join(root, node), [join(root, main)], {
      env: { MODEL_NAME: "wine", MODEL_FILE: join(root, "models/wine.onnx"), PORT: `${port}` },
      extendEnv: false,
    });
    const ready = () => fetch(`http://127.0.0.1:${port}/v2/models/wine/ready`).then(({ status }) => status);
    await expect.poll(() => ready().catch(() => 0), { timeout: 20_000 }).toBe(200);
    server.kill("SIGTERM");
    expect((await server).exitCode).toBe(0);
  });
});

describe("a layer", () => {
  test("has the same bytes in any order of its entries", async () => {
    const entries = [
      { path: "/b", content: "1" },
      { path: "/a", content: "2", mode: 0o755 },
      { path: "/tmp", directory: true, mode: 0o1777 },
    ] as const;
    expect((await createLayer(entries)).digest).toBe((await createLayer([...entries].reverse())).digest);
  });
});
