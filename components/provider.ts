import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterChoice } from "../kubernetes/api";

/**
 * Requests per second that the provider sends at most. Its default of 50 took two thirds of the time of a large preview.
 * It is not what protects the API server: Pulumi waits for the response to each of a few requests at a time, and the API
 * server has its own priorities.
 */
const REQUESTS_PER_SECOND = 400;

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
    // Otherwise a rotated certificate authority or another address of the same cluster plans to replace every object.
    // Which cluster it is, the ownership check asks the cluster itself (`clusterId`).
    clusterIdentifier: "see clusterId",
    // Not the shell's PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: ownership of fields and drift depend on it.
    enableServerSideApply: true,
    kubeClientSettings: { qps: REQUESTS_PER_SECOND, burst: 2 * REQUESTS_PER_SECOND },
  });
}
