import type { types } from "@pulumi/kubernetes";
import { isMap } from "../../../config/merge";
import type { RawContainer } from "../../../config/settings/raw-pod";
import { TMP_PATH } from "../../../config/settings/volumes";
import { asWritten, type Part, type PodSettings } from "../part";
import { containerSecurity } from "./container";
import { tmpMounts } from "./volumes";

type Containers = NonNullable<types.input.core.v1.PodSpec["initContainers"]>;

/** The containers beside the server. They start first, so that all others can use them. */
export const sidecars: Part = ({ sidecars = [], ...settings }) =>
  listOf(sidecars.map((one) => ({ ...withDefaults(one, settings), restartPolicy: "Always" })));

/** The containers that end before the server starts. */
export const initContainers: Part = ({ initContainers = [], ...settings }) =>
  listOf(initContainers.map((one) => withDefaults(one, settings)));

function listOf(containers: readonly object[]): ReturnType<Part> {
  return containers.length === 0 ? {} : { pod: { initContainers: asWritten<Containers>(containers) } };
}

/** As little may be done in them as in the server's container, and they can write to the same /tmp. */
function withDefaults(
  container: RawContainer,
  settings: Pick<PodSettings, "readOnlyRootFilesystem" | "shm" | "volumes">,
): RawContainer {
  const own = isMap(container["securityContext"]) ? container["securityContext"] : {};
  const securityContext = { ...containerSecurity(settings), ...own };
  const mounts: readonly unknown[] = Array.isArray(container["volumeMounts"])
    ? container["volumeMounts"]
    : [];
  const isAtTmp = (mount: unknown) => isMap(mount) && mount["mountPath"] === TMP_PATH;
  // The pod has a volume there only if the server has one.
  const [tmp] = tmpMounts(settings);
  const needsTmp = securityContext.readOnlyRootFilesystem === true && !mounts.some(isAtTmp);
  const volumeMounts = [...mounts, ...(needsTmp && tmp ? [{ name: tmp.name, mountPath: TMP_PATH }] : [])];
  return { ...container, securityContext, ...(volumeMounts.length > 0 && { volumeMounts }) };
}
