import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { Variant } from "../../config/resolve";
import { podCounts } from "../../config/settings/scaling";
import { selectorLabels } from "../../fleet/owner";
import { asWritten } from "../pod/part";
import { type Companion, companionOf } from "./companion";

type Budget = Exclude<Variant["disruptionBudget"], boolean | undefined>;

/** Counted from the pods that there should be, so that a drain goes on whatever their number is. */
const ONE_AT_A_TIME = { maxUnavailable: 1 } as const;

/** The budget of a variant; undefined if it would restrict nothing. */
function budgetOf(settings: Variant<unknown>): Budget | undefined {
  const { disruptionBudget = true } = settings;
  if (disruptionBudget === false || podCounts(settings).most < 2) return undefined;
  return disruptionBudget === true ? ONE_AT_A_TIME : disruptionBudget;
}

/** The PodDisruptionBudget of a variant: how many of its pods a drain of nodes may take away at once. */
export const disruptionBudget: Companion = {
  kind: "poddisruptionbudget",
  isWanted: (settings) => budgetOf(settings) !== undefined,
  create: (args, opts) => {
    const { title, metadata } = companionOf(args);
    const spec = {
      ...asWritten<{ maxUnavailable?: number }>(budgetOf(args) ?? {}),
      selector: { matchLabels: selectorLabels(args.id, args.stack, args.variant) },
      // Otherwise a model whose pods are all broken would stop the drain of their nodes for ever.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    };
    return new PodDisruptionBudget(title, { metadata, spec }, opts);
  },
};
