import { z } from "zod";
import { annotations, labels, setting } from "../rules";

/** Settings of a model's objects, whatever they do. */
export const objectSettings = {
  labels: setting(labels, "Additional labels of the model's objects and pods.", { default: {} }),
  annotations: setting(annotations, "Annotations of the model's pods.", { default: {} }),
  protect: setting(
    z.boolean(),
    "Whether an update or `pulumi destroy` that would delete the model fails before it changes anything. To delete it, set `false`, update, and then remove it.",
    { default: false },
  ),
};
