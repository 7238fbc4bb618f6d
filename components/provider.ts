import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterChoice } from "../kubernetes/api";

/** The only connection of the fleet to its cluster, which is the cluster that the ownership check asks. */
export function createProvider({
  kubeconfig,
  context,
}: Pick<ClusterChoice, "kubeconfig" | "context">): Provider {
  return new Provider("cluster", {
    // A kubeconfig may hold a token, so it is kept as a secret. "" means unset to the provider: without it, the value
    // of KUBECONFIG is written into the state, and the path of another machine shows up as a change.
    kubeconfig: kubeconfig ? pulumi.secret(kubeconfig) : "",
    ...(context && { context }),
  });
}
