import { isMap } from "../../config/merge";
import { pathText } from "../../config/problem";
import { isOwn, POD_SECURITY } from "../../fleet/owner";
import type { Check, Finding, Plan } from "../finding";
import type { Snapshot } from "../snapshot";

type Level = "baseline" | "restricted";

/** What a field may not be, and the strictest standard that refuses it. */
type Rule = readonly [field: string, refuses: Level, isRefused: (value: unknown) => boolean];

/** Capabilities that a container may add. */
const ADDABLE: Readonly<Record<Level, readonly string[]>> = {
  restricted: ["NET_BIND_SERVICE"],
  baseline: [
    ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"],
    ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
  ],
};
const adds = (level: Level) => (value: unknown) =>
  isMap(value) &&
  Array.isArray(value["add"]) &&
  value["add"].some((one) => !ADDABLE[level].includes(one as string));
const isTrue = (value: unknown) => value === true;

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const RULES: readonly Rule[] = [
  ["hostNetwork", "baseline", isTrue],
  ["hostPID", "baseline", isTrue],
  ["hostIPC", "baseline", isTrue],
  ["hostPath", "baseline", isMap],
  ["hostPort", "baseline", (value) => value !== 0],
  ["privileged", "baseline", isTrue],
  ["procMount", "baseline", (value) => value !== "Default"],
  ["seccompProfile", "baseline", (value) => isMap(value) && value["type"] === "Unconfined"],
  ["capabilities", "baseline", adds("baseline")],
  ["capabilities", "restricted", adds("restricted")],
  ["allowPrivilegeEscalation", "restricted", isTrue],
  ["runAsNonRoot", "restricted", (value) => value === false],
  ["runAsUser", "restricted", (value) => value === 0],
];

/**
 * Refuses fields in Kubernetes' own form with which the namespace admits no pod: its Deployment is accepted, and then
 * has none.
 */
export const refusedFields: Check = (plan, { namespace }) => {
  const level = levelOf(plan, namespace);
  if (level === undefined) return [];
  const { rawParts = [], namespace: name } = plan;
  return rawParts.flatMap(({ path, value }) =>
    refusedIn(value, level).map(({ at, by }): Finding => {
      const fix = by === "restricted" ? "remove it, or set podSecurity to baseline" : "remove it";
      const text = `${pathText(at, path)}: is refused in namespace "${name}", which admits only pods of the standard ${level}; ${fix}`;
      return { level: "error", text };
    }),
  );
};

/** The standard that the namespace demands: the fleet's, or what its label says; undefined for none, or an unknown one. */
function levelOf({ stack, models }: Plan, namespace: Snapshot["namespace"]): Level | undefined {
  if (namespace === "unreadable") return undefined;
  const isOfFleet = namespace === "missing" || isOwn(namespace.metadata ?? {}, stack);
  if (isOfFleet) {
    const levels = models.flatMap((model) => [model, ...(model.challengers ?? [])]);
    return levels.some(({ podSecurity }) => podSecurity === "baseline") ? "baseline" : "restricted";
  }
  const label = namespace.metadata?.labels?.[POD_SECURITY];
  return label === "baseline" || label === "restricted" ? label : undefined;
}

type Path = readonly (string | number)[];

function refusedIn(value: unknown, level: Level, at: Path = []): { readonly at: Path; readonly by: Level }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => refusedIn(item, level, [...at, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([field, item]) => {
    const here = [...at, field];
    const rule = RULES.find(
      ([name, by, isRefused]) => name === field && (by === "baseline" || by === level) && isRefused(item),
    );
    return rule === undefined ? refusedIn(item, level, here) : [{ at: here, by: rule[1] }];
  });
}
