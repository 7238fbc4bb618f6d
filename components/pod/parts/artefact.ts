import { type Artefact, artefactOf, MODEL_PATH } from "../../../fleet/artefact";
import { INITIALIZER } from "../../../fleet/names";
import { digest } from "../../../lib/digest";
import {
  asWritten,
  type Container,
  type Part,
  type PodPart,
  type PodSettings,
  type ServerArgs,
} from "../part";
import { containerSecurity } from "./container";
import { variables } from "./environment";
import { tmpMounts } from "./volumes";

/** Where the init container has the volume of the downloads. */
const STORE = "/mnt/store";

/** The group of the files in a cache: that of KServe's storage-initializer. */
const CACHE_GROUP = 1000;

/**
 * The model's files: an image or a claim that is mounted, a download by an init container, or an address that the server
 * loads by itself.
 */
export const artefact: Part = (settings, args) => {
  const found = artefactOf(settings);
  if (found === undefined) return {};
  if (found.how === "engine") return { container: { args: [...found.args] } };
  if (found.how === "download") return download(settings, args, found.source);
  const { volume, subPath } = mounted(found);
  const mount = { mountPath: found.path, ...(subPath !== "" && { subPath }) };
  return {
    container: { volumeMounts: [{ name: "model", ...mount, readOnly: true }] },
    pod: { volumes: [{ name: "model", ...volume }] },
  };
};

function mounted(found: Extract<Artefact, { how: "image" | "claim" }>) {
  if (found.how === "image") return { volume: { image: { reference: found.reference } }, subPath: "" };
  return { volume: { persistentVolumeClaim: { claimName: found.claim } }, subPath: found.subPath };
}

/** Every download has a folder of its own, which its server sees alone. A cache has those of all its models. */
function download(settings: PodSettings, args: ServerArgs, source: string): PodPart {
  const { cache, sha256, modelPath = MODEL_PATH, initializerImage = "" } = settings;
  const folder = folderOf(source, sha256);
  const name = cache === undefined ? "model" : "cache";
  const isPlain = cache === undefined && sha256 === undefined;
  const target = `${STORE}/${folder}`;
  const init: Container = {
    name: INITIALIZER,
    image: initializerImage,
    ...(!isPlain && { command: ["python3", "-c", KEEP] }),
    args: isPlain ? [source, target] : [source, target, sha256 ?? ""],
    // Credentials and addresses of the store: the model's own.
    ...variables(settings, args),
    resources: withoutDevices(settings.resources),
    volumeMounts: [{ name, mountPath: STORE }, ...tmpMounts(settings)],
    terminationMessagePolicy: "File",
    securityContext: containerSecurity(settings),
  };
  const volume = cache === undefined ? { emptyDir: {} } : { persistentVolumeClaim: { claimName: cache } };
  return {
    container: { volumeMounts: [{ name, mountPath: modelPath, subPath: folder, readOnly: true }] },
    pod: {
      initContainers: [init],
      volumes: [{ name, ...volume }],
      ...(cache !== undefined && {
        // A new claim belongs to root. Only its root is changed: a large cache would delay every pod otherwise.
        securityContext: { fsGroup: CACHE_GROUP, fsGroupChangePolicy: "OnRootMismatch" },
      }),
    },
  };
}

/** The same content has the same folder, whichever model it is for. */
function folderOf(source: string, sha256: string | undefined): string {
  const name = source
    .replace(/\/+$/, "")
    .replace(/^.*\//, "")
    .replaceAll(/[^\w.-]/g, "-");
  return `${name.slice(0, 60)}-${digest(JSON.stringify([source, sha256]), 12)}`;
}

/** A download needs no GPU, and the pod's request stays that of its server. */
function withoutDevices(resources: PodSettings["resources"]): NonNullable<Container["resources"]> {
  const plain = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(all).filter(([name]) => ["cpu", "memory", "ephemeral-storage"].includes(name)),
    );
  const { requests, limits } = resources;
  return asWritten({ requests: plain(requests), limits: plain(limits) });
}

/**
 * Downloads into a folder beside its final one, compares the hash of its only file, and then renames it: a folder with the final
 * name is whole. Of several pods that start at once, one downloads and the others wait for it.
 */
const KEEP = `
import fcntl, hashlib, os, shutil, subprocess, sys
source, target, sha256 = sys.argv[1:4]
os.umask(0o002)
lock = open(target + ".lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
if os.path.isdir(target):
    print("is in the cache already: " + target)
    sys.exit(0)
part = target + ".part"
shutil.rmtree(part, ignore_errors=True)
initializer = "/storage-initializer/scripts/initializer-entrypoint"
code = subprocess.call([initializer, source, part])
if code != 0:
    sys.exit(code)
if sha256:
    files = [os.path.join(at, name) for at, _, names in os.walk(part) for name in names]
    if len(files) != 1:
        sys.exit("%s has %d files, and sha256 is that of one" % (source, len(files)))
    found = hashlib.sha256()
    with open(files[0], "rb") as file:
        while chunk := file.read(1 << 20):
            found.update(chunk)
    if found.hexdigest() != sha256:
        sys.exit("%s has the SHA-256 hash %s, and not %s as sha256 says" % (source, found.hexdigest(), sha256))
os.rename(part, target)
`.trim();
