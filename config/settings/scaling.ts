import { z } from "zod";
import { setting } from "../rules";

/** Settings of how many pods a model has. */
export const scalingSettings = {
  replicas: setting(z.int().min(0).max(1000), "Number of pods. 0 pauses the model and keeps its settings.", {
    default: 1,
  }),
};
