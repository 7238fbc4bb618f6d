import { without } from "../../config/merge";
import { RESERVED_VOLUMES, TMP_PATH } from "../../config/settings/volumes";
import { volumeSetting } from "../pod-settings";
import { mapped, withoutWritten } from "./fields";
import type { ContainerObject, MountObject, PodSpec, VolumeObject } from "./objects";
import type { Draft } from "./remarks";

type Values = Readonly<Record<string, unknown>>;

/** The new name of each volume of a pod, by the old one: settings keep some names for themselves. */
export type VolumeNames = ReadonlyMap<string, string>;

/**
 * Carries over the volumes of a pod: those that the server mounts as settings, each mount by itself, and by `podSpec` those
 * that only other containers mount, or that say more than a setting can.
 *
 * @param hasTmp Whether the settings make a volume at /tmp themselves.
 */
export function carryVolumes(
  { volumes = [] }: PodSpec,
  { volumeMounts = [], volumeDevices = [] }: ContainerObject,
  draft: Draft,
  { hasTmp }: { readonly hasTmp: boolean },
): VolumeNames {
  const names = new Map<string, string>();
  const found: Record<string, Values> = {};
  const taken = new Set([...RESERVED_VOLUMES, ...volumes.map(({ name }) => name)]);
  for (const volume of volumes) {
    const mounts = volumeMounts.filter(({ name }) => name === volume.name);
    if ("hostPath" in volume) refuse(volume, mounts, draft);
    const settings = settingsOf(volume, mounts);
    const [only] = settings ?? [];
    if (hasTmp && settings?.length === 1 && isTmp(only)) {
      names.set(volume.name, "tmp");
      continue;
    }
    const name = RESERVED_VOLUMES.includes(volume.name) ? freeName(volume.name, taken) : volume.name;
    names.set(volume.name, name);
    if (settings === undefined) byPodSpec({ ...volume, name }, mounts, draft);
    else settings.forEach((one, index) => (found[index === 0 ? name : freeName(volume.name, taken)] = one));
  }
  draft.settings["volumes"] = found;
  if (volumeDevices.length > 0) draft.addToContainer("volumeDevices", renamed(volumeDevices, names));
  return names;
}

function refuse({ name }: VolumeObject, mounts: readonly MountObject[], draft: Draft): void {
  const where = mounts.map(({ mountPath }) => ` at ${mountPath}`).join(" and");
  draft.problem(
    `its volume ${name}${where} is a path of the node (hostPath), which the fleet's pods may not use; ` +
      "make it one of the kinds of docs/containers.md, or put the files into the image",
  );
}

/** Each mount of a volume as a setting; undefined if no setting can say one of them, or nothing mounts it. */
function settingsOf(volume: VolumeObject, mounts: readonly MountObject[]): Values[] | undefined {
  const plain = { name: volume.name, ...mapped(without(volume, ["name"]), withoutWritten) };
  const settings = mounts.flatMap((mount): Values[] => {
    const one = volumeSetting(plain, placeOf(mount));
    return one === undefined ? [] : [one];
  });
  // Two volumes of the settings would be two empty ones.
  const isShared = mounts.length > 1 && "emptyDir" in volume;
  if (mounts.length === 0 || settings.length < mounts.length || isShared) return undefined;
  return settings.map((one, index) => ({
    ...one,
    ...(mounts[index]?.readOnly === true && { readOnly: true }),
  }));
}

function placeOf(mount: MountObject): Values {
  return { ...withoutWritten(mount), mountPath: mount.mountPath.replace(/(?<=.)\/$/, "") };
}

function isTmp(setting: Values | undefined): boolean {
  return JSON.stringify(setting) === JSON.stringify({ mountPath: TMP_PATH, emptyDir: {} });
}

function byPodSpec(volume: VolumeObject, mounts: readonly MountObject[], draft: Draft): void {
  draft.addToPod("volumes", [mapped(volume, withoutWritten)]);
  const own = mounts.map((mount) => ({ ...withoutWritten(mount), name: volume.name }));
  if (own.length > 0) draft.addToContainer("volumeMounts", own);
}

/** What names volumes, such as mounts, with their new names. */
export function renamed<T extends { readonly name: string }>(
  mounts: readonly T[],
  names: VolumeNames,
): Partial<T>[] {
  return mounts.map((mount) => ({
    ...withoutWritten(mount),
    name: names.get(mount.name) ?? mount.name,
  }));
}

/** A name that nothing else has, from now on taken. */
export function freeName(name: string, taken: Set<string>): string {
  const names = Array.from({ length: 99 }, (_, index) => `${name.slice(0, 60)}-${index + 2}`);
  const free = names.find((one) => !taken.has(one)) ?? name;
  taken.add(free);
  return free;
}
