import { RESERVED_VOLUMES, TMP_PATH } from "../../config/settings/volumes";
import type { ContainerObject, MountObject, VolumeObject } from "./objects";
import type { Remarks } from "./remarks";

type Values = Readonly<Record<string, unknown>>;

/** Kinds of volume that hold nothing from before the pod started, and that no setting makes. */
const NOT_CARRIED = ["projected", "downwardAPI"];

/** The mode of a file in a Secret's or ConfigMap's volume where nobody sets it. */
const DEFAULT_MODE = 0o644;

/** The volumes of a container as settings, by name. @param hasTmp Whether the settings make a volume at /tmp themselves. */
export function volumesOf(
  { volumeMounts = [] }: Pick<ContainerObject, "volumeMounts">,
  volumes: readonly VolumeObject[],
  { hasTmp, remarks }: { readonly hasTmp: boolean; readonly remarks: Remarks },
): Record<string, Values> {
  const found: Record<string, Values> = {};
  for (const mount of volumeMounts) {
    const volume = volumes.find(({ name }) => name === mount.name);
    const kind = Object.keys(volume ?? {}).find((key) => key !== "name") ?? "unknown";
    if (NOT_CARRIED.includes(kind)) {
      remarks.note(
        `its volume ${mount.name} at ${mount.mountPath} is not carried over: the container's own disk is there`,
      );
      continue;
    }
    const isShared = volumeMounts.filter(({ name }) => name === mount.name).length > 1;
    const source = isShared && kind === "emptyDir" ? undefined : sourceOf(kind, volume?.[kind] as Values);
    if (source === undefined || !isPlain(mount)) {
      remarks.problem(
        `its volume ${mount.name} (${kind}) at ${mount.mountPath} would be missing, since the settings cannot say it; ` +
          "make it one of the kinds of docs/containers.md, or put the files into the image",
      );
      continue;
    }
    const isTmp = hasTmp && mount.mountPath === TMP_PATH && JSON.stringify(source) === '{"emptyDir":{}}';
    if (!isTmp) found[freeName(mount.name, found)] = { ...placeOf(mount), ...source };
  }
  return found;
}

function placeOf({ mountPath, subPath, readOnly }: MountObject): Values {
  return {
    mountPath: mountPath.replace(/(?<=.)\/$/, ""),
    ...(subPath !== undefined && subPath !== "" && { subPath }),
    ...(readOnly === true && { readOnly }),
  };
}

/** A volume that is mounted twice is two volumes of the settings. */
function freeName(name: string, taken: Values): string {
  const isFree = (one: string) => !RESERVED_VOLUMES.includes(one) && !(one in taken);
  const names = [name, ...Array.from({ length: 99 }, (_, index) => `${name.slice(0, 60)}-${index + 2}`)];
  return names.find(isFree) ?? name;
}

/** What a volume holds, as a setting; undefined if the settings cannot say it. */
function sourceOf(kind: string, source: Values): Values | undefined {
  const { defaultMode = DEFAULT_MODE, optional = false, items, ...rest } = source;
  const isWhole = items === undefined && optional === false && defaultMode === DEFAULT_MODE;
  switch (kind) {
    case "persistentVolumeClaim":
      return { pvc: rest["claimName"], ...(rest["readOnly"] === true && { readOnly: true }) };
    case "configMap":
      return isWhole ? { configMap: rest["name"] } : undefined;
    case "secret":
      return isWhole ? { secret: rest["secretName"] } : undefined;
    case "image":
      return { image: rest["reference"] };
    case "emptyDir":
      return ["", "Memory", undefined].includes(rest["medium"] as string | undefined)
        ? { emptyDir: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== "")) }
        : undefined;
    default:
      return undefined;
  }
}

/** Whether a mount has only what the settings can say. */
function isPlain({ subPathExpr, mountPropagation, recursiveReadOnly }: MountObject): boolean {
  return (
    subPathExpr === undefined &&
    (mountPropagation ?? "None") === "None" &&
    (recursiveReadOnly ?? "Disabled") === "Disabled"
  );
}
