import { isMap, without } from "../config/merge";
import { SERVER } from "../fleet/names";

/** How pieces of a pod become settings, wherever the pod comes from. Pure. */

type Values = Readonly<Record<string, unknown>>;
type Collected = Record<string, unknown>;

/** The fields of a pod that are settings of the same name and form. */
export const SAME_AS_POD = [
  "nodeSelector",
  "affinity",
  "tolerations",
  "topologySpreadConstraints",
  "priorityClassName",
  "runtimeClassName",
  "resourceClaims",
] as const;

/** Carries a field over unless it has this value, which it has anyway. */
export const unless =
  <Rest extends readonly unknown[]>(same: unknown, carry: (value: unknown, ...rest: Rest) => void) =>
  (value: unknown, ...rest: Rest): void => {
    if (value !== same) carry(value, ...rest);
  };

/** Lays a field over the pod of some settings, by `podSpec`: lists and maps of the two go on. */
export function addToPod(settings: Collected, field: string, value: unknown): void {
  const pod = (settings["podSpec"] ??= {}) as Collected;
  pod[field] = joined(pod[field], value);
}

/** Lays a field over the model's own container, which has one name in every pod. */
export function addToContainer(settings: Collected, field: string, value: unknown): void {
  const pod = (settings["podSpec"] ??= {}) as Collected;
  const all = (pod["containers"] ?? []) as Values[];
  const own = all.find(({ name }) => name === SERVER) ?? { name: SERVER };
  pod["containers"] = [
    { ...own, [field]: joined(own[field], value) },
    ...all.filter(({ name }) => name !== SERVER),
  ];
}

function joined(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...(one as unknown[]), ...(other as unknown[])];
  return isMap(one) && isMap(other) ? { ...one, ...other } : other;
}

/** What a volume has, and the setting that has the same. Volumes with other fields need `podSpec`. */
const SOURCES: Readonly<Record<string, readonly [field: string, setting: string]>> = {
  persistentVolumeClaim: ["claimName", "pvc"],
  configMap: ["name", "configMap"],
  secret: ["secretName", "secret"],
  image: ["reference", "image"],
};

/** A volume at one place as an entry of `volumes`; undefined if it says more than a setting can. */
export function volumeSetting(volume: Values, mount: Values): Values | undefined {
  const [[kind = "", source] = [], ...kinds] = Object.entries(without(volume, ["name"]));
  const { mountPath, subPath, readOnly } = mount;
  const others = without(mount, ["name", "mountPath", "subPath", "readOnly"]);
  if (kinds.length > 0 || Object.keys(others).length > 0 || !isMap(source)) return undefined;
  const where = { mountPath, ...(subPath !== undefined && { subPath }) };
  if (kind === "emptyDir") {
    const more = without(source, ["sizeLimit", "medium"]);
    const isKnown = source["medium"] === undefined || source["medium"] === "Memory";
    return Object.keys(more).length > 0 || !isKnown ? undefined : { ...where, emptyDir: source };
  }
  const [field, setting] = SOURCES[kind] ?? [];
  if (field === undefined || setting === undefined) return undefined;
  const { [field]: value, readOnly: sourceReadOnly, ...more } = source;
  if (Object.keys(more).length > 0 || value === undefined) return undefined;
  const isReadOnly = kind === "persistentVolumeClaim" && (readOnly === true || sourceReadOnly === true);
  return { ...where, [setting]: value, ...(isReadOnly && { readOnly: true }) };
}
