import type { types } from "@pulumi/kubernetes";
import { SERVICE_PORT } from "../../fleet/objects";
import { selectorLabels } from "../../fleet/owner";

/** The spec of the Service for a Deployment of the same name: port 80, named `http`, only inside the cluster. */
export function serviceSpec(name: string, stack: string): types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector: selectorLabels(name, stack),
    ports: [{ ...SERVICE_PORT, targetPort: "http" }],
  };
}
