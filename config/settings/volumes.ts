import { z } from "zod";
import { artefactOf, type ArtefactSettings, MODEL_PATH } from "../../fleet/artefact";
import { compareQuantities } from "../../fleet/quantity";
import { pathText, problem, type Problem } from "../problem";
import { quantity } from "../resources";
import { dnsName, image, setting, text } from "../rules";
import type { VariantRule } from "../variant-rules";

/** Names of volumes that settings of their own make. */
export const RESERVED_VOLUMES: readonly string[] = ["tmp", "shm", "model", "cache"];

/** Where a pod's shared memory is. */
export const SHM_PATH = "/dev/shm";
/** What a server can write to while its disk is read-only. */
export const TMP_PATH = "/tmp";

const volumeName = text(
  'is not the name of a volume (lower-case letters, digits and "-", at most 63)',
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
).refine((name) => !RESERVED_VOLUMES.includes(name), "is used by modelfleet itself; choose another name");

/** An absolute path in the container. Kubernetes refuses a colon, and the kubelet a way upwards. */
const mountPath = text(
  'is not an absolute path such as "/data" (no ":", no "..", no trailing slash)',
  /^(\/(?!\.{1,2}(\/|$))[^/:\s]+)+$/,
);

/** What a volume holds. */
const SOURCES = ["pvc", "configMap", "secret", "emptyDir", "image"] as const;
/** Sources that a container cannot write to. */
const READ_ONLY = ["configMap", "secret", "image"] as const;

const fields = z.strictObject({
  mountPath,
  subPath: text(
    'is not a relative path such as "models/iris" (no "..")',
    /^(?!\/)(?!(.*\/)?\.\.(\/|$))\S+$/,
  ).optional(),
  readOnly: z.boolean().optional(),
  pvc: dnsName("is not the name of a PersistentVolumeClaim").optional(),
  configMap: dnsName("is not the name of a ConfigMap").optional(),
  secret: dnsName("is not the name of a Secret").optional(),
  emptyDir: z
    .strictObject({ sizeLimit: quantity.optional(), medium: z.enum(["Memory"]).optional() })
    .optional(),
  image: image.optional(),
});

const volume = fields
  .refine(
    (one) => SOURCES.filter((source) => one[source] !== undefined).length === 1,
    `has not one source; give one of ${SOURCES.join(", ")} (null removes that of defaults)`,
  )
  .refine(
    (one) => one.readOnly !== false || READ_ONLY.every((source) => one[source] === undefined),
    "cannot be written to: a configMap, a secret and an image are always read-only; remove readOnly",
  );
export type Volume = z.output<typeof volume>;

const VOLUMES_HELP =
  "Volumes by name, each with its `mountPath` and one of `pvc: <claim>`, `configMap: <name>`, `secret: <name>`, `emptyDir: {sizeLimit, medium: Memory}` and `image: <reference>`; also `subPath` and `readOnly`. What is named must exist in the fleet's namespace. The names `tmp`, `shm`, `model` and `cache` are modelfleet's own.";

/** Volumes as people write them in one of the layers that are merged: each may say a part of one. */
export const partialVolumes = setting(z.record(volumeName, fields.partial()), VOLUMES_HELP, {
  default: {},
}).optional();

/** Settings of what a container finds on its disk. */
export const volumeSettings = {
  volumes: setting(z.record(volumeName, volume), VOLUMES_HELP, { default: {} }),
  shm: setting(
    quantity.optional(),
    "Size of the shared memory (`/dev/shm`), such as 2Gi, which servers with several processes or GPUs need. What is in it counts as memory of the pod.",
    { otherwise: "64 MiB, as the container runtime has it" },
  ),
};

/** Of two volumes at one place, the container runtime would show one. */
export const oneVolumePerPath: VariantRule = ({ at, settings }) => {
  const { volumes, shm } = settings;
  const places = [
    ...Object.entries(volumes).map(([name, { mountPath: path }]) => [`volumes.${name}`, path] as const),
    ...(shm === undefined ? [] : [["shm", SHM_PATH] as const]),
    ...placeOfModel(settings),
  ];
  return places.flatMap(([key, path], index): Problem[] => {
    const first = places.findIndex(([, other]) => other === path);
    if (first === index) return [];
    const rule = `is also where ${places[first]?.[0] ?? ""} is`;
    const own =
      key === "shm" || key === "modelPath"
        ? pathText([key], at)
        : pathText([...key.split("."), "mountPath"], at);
    return [problem(own, path, rule, "give it another path, or remove one of the two")];
  });
};

/** The folder of the model's files, if they are in a volume. */
function placeOfModel(settings: ArtefactSettings): (readonly [key: string, path: string])[] {
  const { how, path } = artefactOf(settings) ?? {};
  if (how === undefined || path === undefined || how === "engine") return [];
  return [["modelPath", how === "claim" ? path : (settings.modelPath ?? MODEL_PATH)]];
}

/** A pod that fills its shared memory beyond its limit of memory is killed. */
export const shmWithinMemory: VariantRule = ({ at, settings }) => {
  const { shm, resources } = settings;
  const limit = resources.limits["memory"];
  if (shm === undefined || limit === undefined || compareQuantities(shm, limit) <= 0) return [];
  const rule = `is more than resources.limits.memory of ${limit}, which includes it`;
  return [problem(pathText(["shm"], at), shm, rule, "raise that limit")];
};
