import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import type { ClusterChoice } from "../kubernetes/api";

/**
 * The cluster in the stack's settings, otherwise the one that kubectl would use.
 *
 * @param config The stack's settings, secrets decrypted.
 * @param variables The environment of `pulumi`, over that of this process.
 */
export function clusterOf(config: ConfigMap, variables: Readonly<Record<string, string>>): ClusterChoice {
  return {
    kubeconfig: config["kubernetes:kubeconfig"]?.value,
    context: config["kubernetes:context"]?.value,
    environment: { ...process.env, ...variables },
  };
}
