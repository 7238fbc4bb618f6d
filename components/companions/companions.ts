import type * as pulumi from "@pulumi/pulumi";
import type { Variant } from "../../config/resolve";
import { autoscaler } from "./autoscaler";
import type { Companion, VariantArgs } from "./companion";
import { disruptionBudget } from "./disruption-budget";
import { network } from "./network";
import { scaledObject } from "./scaled-object";
import { serviceAccount } from "./service-account";

/** Every kind of object that only some settings ask for. A new one is a file beside this one, and a line here. */
const COMPANIONS: readonly Companion[] = [
  ...[serviceAccount, network, disruptionBudget],
  ...[autoscaler, scaledObject],
];

/** The companions that the settings of a variant ask for. */
export function companionsOf(settings: Variant<unknown>): readonly Companion[] {
  return COMPANIONS.filter(({ isWanted }) => isWanted(settings));
}

/**
 * Makes the companions of a variant.
 *
 * @returns Those for which its Deployment waits
 */
export function createCompanions(args: VariantArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  return companionsOf(args).flatMap(({ create, isFirst = false }) => {
    const made = create(args, opts);
    return isFirst ? [made] : [];
  });
}
