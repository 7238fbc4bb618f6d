import type { types } from "@pulumi/kubernetes";
import { SHM_PATH, TMP_PATH, type Volume } from "../../../config/settings/volumes";
import type { Part, PodSettings } from "../part";

type VolumeSettings = Pick<PodSettings, "volumes" | "shm" | "readOnlyRootFilesystem">;
type VolumeSource = Omit<types.input.core.v1.Volume, "name">;

/** The volumes of the settings, by name, so that another order makes no diff, and those that other settings ask for. */
export const volumes: Part = (settings) => {
  const all = Object.entries({ ...settings.volumes, ...ownVolumes(settings) });
  if (all.length === 0) return {};
  const sorted = all.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    container: { volumeMounts: sorted.map(([name, volume]) => mountOf(name, volume)) },
    pod: { volumes: sorted.map(([name, volume]) => ({ name, ...sourceOf(volume) })) },
  };
};

/** What is written to while the disk is read-only, and shared memory. */
function ownVolumes({ volumes, shm, readOnlyRootFilesystem }: VolumeSettings): Record<string, Volume> {
  const hasTmp = Object.values(volumes).some(({ mountPath }) => mountPath === TMP_PATH);
  return {
    ...(readOnlyRootFilesystem && !hasTmp && { tmp: { mountPath: TMP_PATH, emptyDir: {} } }),
    ...(shm !== undefined && {
      shm: { mountPath: SHM_PATH, emptyDir: { medium: "Memory", sizeLimit: shm } },
    }),
  };
}

/** The mounts of what the settings have at `/tmp`: where a container can write while its disk is read-only. */
export function tmpMounts(settings: VolumeSettings): types.input.core.v1.VolumeMount[] {
  const all = Object.entries({ ...settings.volumes, ...ownVolumes(settings) });
  return all.flatMap(([name, volume]) => (volume.mountPath === TMP_PATH ? [mountOf(name, volume)] : []));
}

function mountOf(name: string, { mountPath, subPath, readOnly }: Volume): types.input.core.v1.VolumeMount {
  return {
    name,
    mountPath,
    ...(subPath !== undefined && { subPath }),
    ...(readOnly !== undefined && { readOnly }),
  };
}

function sourceOf({ pvc, configMap, secret, emptyDir, image }: Volume): VolumeSource {
  if (pvc !== undefined) return { persistentVolumeClaim: { claimName: pvc } };
  if (configMap !== undefined) return { configMap: { name: configMap } };
  if (secret !== undefined) return { secret: { secretName: secret } };
  if (image !== undefined) return { image: { reference: image } };
  const { sizeLimit, medium } = emptyDir ?? {};
  return {
    emptyDir: { ...(medium !== undefined && { medium }), ...(sizeLimit !== undefined && { sizeLimit }) },
  };
}
