import { variantPath } from "../config/needed";
import { DEFAULT_VARIANT } from "../fleet/names";
import type { Plan, PlannedVariant } from "./finding";

/** A variant of a model, the champion or another one. */
export interface Planned {
  readonly id: string;
  /** Path of its settings, such as `catalog.iris`. */
  readonly at: string;
  readonly settings: PlannedVariant;
}

/** Every variant of the models, of each the champion first. */
export function plannedVariants({ models }: Pick<Plan, "models">): Planned[] {
  return models.flatMap((model) => {
    const { id, variant = DEFAULT_VARIANT, challengers = [] } = model;
    return [{ ...model, variant }, ...challengers].map((settings) => ({
      id,
      at: variantPath({ id, variant, challengers }, settings.variant),
      settings,
    }));
  });
}

/** The path of the first of several settings with one problem. @param others How many more there are. */
export function withOthers(path: string, others: number): string {
  return others === 0 ? path : `${path} (and ${others} more)`;
}
