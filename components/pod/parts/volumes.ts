import type { types } from "@pulumi/kubernetes";
import { SHM_PATH, type Volume } from "../../../config/settings/volumes";
import type { Part } from "../part";

type VolumeSource = Omit<types.input.core.v1.Volume, "name">;

/** The volumes of the settings, by name, so that another order makes no diff. */
export const volumes: Part = ({ volumes, shm }) => {
  const own = Object.entries(volumes).sort(([a], [b]) => (a < b ? -1 : 1));
  const memory = shm === undefined ? [] : [{ name: "shm", mountPath: SHM_PATH }];
  const mounts = [...own.map(([name, volume]) => mountOf(name, volume)), ...memory];
  if (mounts.length === 0) return {};
  return {
    container: { volumeMounts: mounts },
    pod: {
      volumes: [
        ...own.map(([name, volume]) => ({ name, ...sourceOf(volume) })),
        ...(shm === undefined ? [] : [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: shm } }]),
      ],
    },
  };
};

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
