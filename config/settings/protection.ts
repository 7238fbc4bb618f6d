import { z } from "zod";
import { destination, source } from "../network-schema";
import { pathText, problem } from "../problem";
import { setting, text } from "../rules";
import type { VariantRule } from "../variant-rules";
import { podCounts } from "./scaling";

/** A number of pods, or a share of them. @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/ */
const amount = z.union([
  z.int().min(1).max(1000),
  text('is not a number of pods, nor a percentage from "1%" to "99%"', /^[1-9]\d?%$/),
]);

const budget = z
  .strictObject({ maxUnavailable: amount.optional(), minAvailable: amount.optional() })
  .refine(
    ({ maxUnavailable, minAvailable }) => (maxUnavailable === undefined) !== (minAvailable === undefined),
    "has not one of maxUnavailable and minAvailable; give one, and remove the other with null",
  );

/** Settings that protect a model from the work on nodes, and from other pods. */
export const protectionSettings = {
  disruptionBudget: setting(
    z.union([z.boolean(), budget]).optional(),
    "How many pods may be away at once while nodes are drained: `{maxUnavailable: 1}`, `{minAvailable: 2}`, each also in per cent, or `false` for no limit. It has no effect on a model with one pod.",
    { otherwise: "`{maxUnavailable: 1}` from 2 pods" },
  ),
  network: setting(
    z
      .strictObject({
        from: setting(
          z.array(source).optional(),
          "Who may send requests to the model, besides `networkPolicy.from`.",
          { otherwise: "nobody else" },
        ),
        to: setting(
          z.array(destination).optional(),
          "Where the model may connect to, besides `networkPolicy.to`. `{model: <id>}` is another model of the fleet.",
          { otherwise: "nowhere else" },
        ),
      })
      .optional(),
    "What the network policy of the fleet allows this model besides. It needs `networkPolicy`.",
    { otherwise: "nothing else" },
  ),
};

/** A budget that lets no pod go would stop the drain of a node for ever. */
export const drainable: VariantRule = ({ at, settings }) => {
  const { disruptionBudget } = settings;
  const counts = podCounts(settings);
  // A model that is scaled to zero has one pod before it has more.
  const least = Math.max(counts.least, 1);
  if (typeof disruptionBudget !== "object" || disruptionBudget.minAvailable === undefined) return [];
  const { minAvailable } = disruptionBudget;
  const kept =
    typeof minAvailable === "number" ? minAvailable : Math.ceil((least * parseInt(minAvailable, 10)) / 100);
  if (counts.most === 0 || kept < least) return [];
  const pods = least === 1 ? "its only pod" : `any of its ${least} pods`;
  const rule = `does not let ${pods} go, so that the drain of a node would never end`;
  const path = pathText(["disruptionBudget", "minAvailable"], at);
  return [problem(path, minAvailable, rule, "lower it, have more pods, or set maxUnavailable instead")];
};
