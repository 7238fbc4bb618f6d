import { z } from "zod";
import { setting } from "../rules";

/** Settings of how many pods a model has. */
export const scalingSettings = {
  replicas: setting(z.int().min(0).max(1000), "Number of pods. 0 pauses the model and keeps its settings.", {
    default: 1,
  }),
};

/** How many pods a variant has at least and at most; 0 while it is paused. */
export function podCounts({ replicas }: { readonly replicas: number }): {
  readonly least: number;
  readonly most: number;
} {
  return { least: replicas, most: replicas };
}
