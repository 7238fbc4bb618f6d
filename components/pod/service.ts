import type { types } from "@pulumi/kubernetes";
import { SERVICE_PORT } from "../../fleet/objects";
import { selectorLabels } from "../../fleet/owner";

/** The spec of the Service for the pods of a variant: port 80, named `http`, only inside the cluster. */
export function serviceSpec(name: string, stack: string, variant?: string): types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector: selectorLabels(name, stack, variant),
    ports: [{ ...SERVICE_PORT, targetPort: "http" }],
  };
}
