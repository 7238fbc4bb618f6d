import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterChoice } from "../kubernetes/api";

/**
 * Talks to the cluster on behalf of the whole fleet. An explicit provider rather than the default one, because a Secret
 * must change in place: by default a new value replaces it, and with it the Deployment that reads it.
 */
export function createProvider({ kubeconfig, context }: ClusterChoice): Provider {
  return new Provider("cluster", {
    enableSecretMutable: true,
    // A kubeconfig may hold a token, so it is kept as a secret. "" is what the provider takes for unset: left out,
    // KUBECONFIG would be written into the state, and another machine's path would show up as a change.
    kubeconfig: kubeconfig === undefined ? "" : pulumi.secret(kubeconfig),
    ...(context !== undefined && { context }),
  });
}
