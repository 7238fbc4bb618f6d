import { resources } from "../resources";
import { setting } from "../rules";

/** Settings of what a pod needs of a node. */
export const placementSettings = {
  resources: setting(
    resources({ requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } }),
    "Resources that one pod requests, and their limits.",
  ),
};
