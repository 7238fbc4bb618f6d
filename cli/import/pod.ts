import { isMap, mapOf, without } from "../../config/merge";
import { MODEL_DEFAULTS } from "../../config/model-schema";
import { RESERVED_VOLUMES, SHM_PATH } from "../../config/settings/volumes";
import { SAME_AS_POD, unless, volumeSetting } from "../pod-settings";
import type { Draft } from "./draft";
import { elsewhere, type Field, lost } from "./fields";

/** The fields of a Kubernetes pod, but its containers. */

type Carry = NonNullable<Field["carry"]>;

/** What no setting of its own has, and `podSpec` carries over as it is. */
const BY_POD_SPEC = [
  "imagePullSecrets",
  "schedulerName",
  "dnsPolicy",
  "dnsConfig",
  "hostAliases",
  "hostname",
  "subdomain",
  "setHostnameAsFQDN",
  "shareProcessNamespace",
  "enableServiceLinks",
  "preemptionPolicy",
  "readinessGates",
  "schedulingGates",
  "nodeName",
  "os",
  "overhead",
  "priority",
  "hostUsers",
  "hostnameOverride",
  "resources",
  "activeDeadlineSeconds",
] as const;

const byPodSpec: Carry = (value, draft, path) =>
  draft.addToPod(path.slice(path.lastIndexOf(".") + 1), value, path);

const carryAccount: Carry = unless("default", (value, draft, path) =>
  draft.set("serviceAccountName", value, path),
);

const carryGrace: Carry = (value, draft, path) => {
  if (Number(value) > Number(MODEL_DEFAULTS["drainSeconds"])) draft.set("drainSeconds", value, path);
};

/** As root, a pod passes the baseline standard only. */
export const carryUser: Carry = (user, draft, path) => {
  draft.set("runAsUser", user, path);
  if (user !== 0) return;
  draft.set("podSecurity", "baseline", path);
  draft.note(
    path,
    "is root, so the model has podSecurity baseline, and its namespace must admit such pods; better give it another runAsUser",
  );
};

const carrySecurity: Carry = (value, draft, path) => {
  const context = draft.map(value, path);
  if (context === undefined) return;
  const { runAsUser, runAsNonRoot, seccompProfile, ...others } = context;
  if (runAsUser !== undefined) carryUser(runAsUser, draft, `${path}.runAsUser`);
  if (runAsNonRoot === false) draft.note(`${path}.runAsNonRoot`, lost("no model runs as root"));
  if (isMap(seccompProfile) && seccompProfile["type"] !== "RuntimeDefault")
    draft.note(`${path}.seccompProfile`, lost("every pod has RuntimeDefault"));
  if (Object.keys(others).length > 0) draft.addToPod("securityContext", others, path);
};

/** Containers beside that of the model. An init container that restarts always is one too. */
export function addSidecars(draft: Draft, containers: readonly unknown[], path: string): void {
  if (containers.length === 0) return;
  const known = draft.settings["sidecars"];
  const own = containers.map((one) => (isMap(one) ? without(one, ["restartPolicy"]) : one));
  draft.set("sidecars", [...(Array.isArray(known) ? (known as unknown[]) : []), ...own], path);
}

const carryInit: Carry = (value, draft, path) => {
  const all = draft.list(value, path);
  const runsOn = (one: unknown) => isMap(one) && one["restartPolicy"] === "Always";
  addSidecars(draft, all.filter(runsOn), path);
  const others = all.filter((one) => !runsOn(one));
  if (others.length > 0) draft.set("initContainers", others, path);
};

const NOT_ALLOWED = "the fleet's pods may not use the node's own namespaces";

export const POD_FIELDS: readonly Field[] = [
  ...SAME_AS_POD.map((field): Field => ({ field, setting: field })),
  {
    field: "initContainers",
    setting: "initContainers, sidecars",
    text: "`sidecars` if its restartPolicy is Always",
    carry: carryInit,
  },
  { field: "serviceAccountName", setting: "serviceAccountName", carry: carryAccount },
  { field: "serviceAccount", setting: "serviceAccountName", carry: carryAccount },
  {
    field: "volumes",
    setting: "volumes, shm",
    text: "those that the model mounts; of other kinds than pvc, configMap, secret, emptyDir and image, or with further fields: `podSpec`",
    carry: elsewhere,
  },
  {
    field: "terminationGracePeriodSeconds",
    setting: "drainSeconds",
    text: "if it is longer than the default",
    carry: carryGrace,
  },
  { field: "securityContext", setting: "runAsUser, podSpec", carry: carrySecurity },
  {
    field: "automountServiceAccountToken",
    setting: "podSpec",
    text: "no token is mounted without it",
    carry: unless(false, byPodSpec),
  },
  {
    field: "restartPolicy",
    carry: unless("Always", (_, draft, path) => draft.note(path, lost("a server runs always"))),
  },
  ...["hostNetwork", "hostPID", "hostIPC"].map((field): Field => ({
    field,
    text: NOT_ALLOWED,
    carry: unless(false, (_, draft, path) => draft.note(path, lost(NOT_ALLOWED))),
  })),
  ...BY_POD_SPEC.map((field): Field => ({ field, setting: "podSpec", carry: byPodSpec })),
];

/**
 * Carries over the volumes of a pod, and where the model's container mounts them.
 *
 * @param at The path of the pod. @param mountsAt The path of the container's `volumeMounts`.
 */
export function carryVolumes(
  draft: Draft,
  pod: { readonly volumes: unknown; readonly at: string },
  container: { readonly volumeMounts: unknown; readonly at: string },
): void {
  const mounts = draft.list(container.volumeMounts, `${container.at}.volumeMounts`).filter(isMap);
  const volumes = draft.list(pod.volumes, `${pod.at}.volumes`).filter(isMap);
  volumes.forEach((volume, index) => {
    const from = `${pod.at}.volumes[${index}]`;
    if ("hostPath" in volume)
      return draft.note(from, lost("the fleet's pods may not use a node's disk; use a pvc"));
    const own = mounts.filter(({ name }) => name === volume["name"]);
    const [mount] = own;
    const setting = own.length === 1 && mount !== undefined ? settingOf(volume, mount) : undefined;
    if (setting === undefined) {
      draft.addToPod("volumes", [volume], from);
      if (own.length > 0) draft.addToContainer("volumeMounts", own, from);
    } else if (setting.shm === undefined)
      draft.set(["volumes", freeName(String(volume["name"]))], setting.volume, from);
    else draft.set("shm", setting.shm, from);
    return undefined;
  });
  const missing = mounts.filter(({ name }) => !volumes.some((volume) => volume["name"] === name));
  if (missing.length > 0) draft.addToContainer("volumeMounts", missing, `${container.at}.volumeMounts`);
}

function freeName(name: string): string {
  return RESERVED_VOLUMES.includes(name) ? `${name}-volume` : name;
}

/** A volume with one mount as a setting, and the size of shared memory if it is that. */
function settingOf(
  volume: Readonly<Record<string, unknown>>,
  mount: Readonly<Record<string, unknown>>,
): { readonly volume: object; readonly shm?: unknown } | undefined {
  const setting = volumeSetting(volume, mount);
  if (setting === undefined) return undefined;
  const { mountPath, emptyDir } = setting;
  const { medium, sizeLimit } = mapOf(emptyDir);
  const isShm = mountPath === SHM_PATH && medium === "Memory" && sizeLimit !== undefined;
  return { volume: setting, ...(isShm && { shm: sizeLimit }) };
}
