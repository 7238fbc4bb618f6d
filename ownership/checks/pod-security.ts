import { variantPath } from "../../config/needed";
import { DEFAULT_VARIANT } from "../../fleet/names";
import { isOwn, POD_SECURITY } from "../../fleet/owner";
import type { Check } from "../finding";

/**
 * Refuses pods that the namespace would not admit: its Deployment is accepted, and then has no pods. The label of a
 * namespace that this stack made follows the settings.
 */
export const refusedPods: Check = ({ namespace: name, stack, models }, { namespace }) => {
  if (typeof namespace === "string" || isOwn(namespace.metadata ?? {}, stack)) return [];
  if (namespace.metadata?.labels?.[POD_SECURITY] !== "restricted") return [];
  return models.flatMap((model) => {
    const { id, variant = DEFAULT_VARIANT, challengers = [] } = model;
    const all = [{ ...model, variant }, ...challengers];
    return all
      .filter(({ podSecurity }) => podSecurity === "baseline")
      .map((one) => ({
        level: "error",
        text:
          `${variantPath({ id, variant, challengers }, one.variant)}.podSecurity: namespace "${name}", which this stack has not made, admits ` +
          `only pods of the standard restricted; remove the setting, or have its label ${POD_SECURITY} set to baseline`,
      }));
  });
};
