import { isOwn, POD_SECURITY } from "../../fleet/owner";
import type { Check } from "../finding";
import { plannedVariants } from "../planned";

/**
 * Refuses pods that the namespace would not admit: its Deployment is accepted, and then has no pods. The label of a
 * namespace that this stack made follows the settings.
 */
export const refusedPods: Check = ({ namespace: name, stack, models }, { namespace }) => {
  if (typeof namespace === "string" || isOwn(namespace.metadata ?? {}, stack)) return [];
  if (namespace.metadata?.labels?.[POD_SECURITY] !== "restricted") return [];
  return plannedVariants({ models })
    .filter(({ settings }) => settings.podSecurity === "baseline")
    .map(({ at }) => ({
      level: "error",
      text:
        `${at}.podSecurity: namespace "${name}", which this stack has not made, admits ` +
        `only pods of the standard restricted; remove the setting, or have its label ${POD_SECURITY} set to baseline`,
    }));
};
