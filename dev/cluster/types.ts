import type { ClusterTools, NodeTools } from "../toolchain/ensure";

/** Whether pods run in containers (`real`) or only have the status of running pods (`simulated`). */
export type NodeKind = "real" | "simulated";

/** The settings of a local cluster. */
export interface ClusterOptions {
  /** Lower-case letters, digits and "-"; part of names that the user sees. */
  readonly name: string;
  /** Absolute path of the cluster's own folder; nothing else may be in it. */
  readonly directory: string;
  /** `auto` is a real node if the machine can have one, else simulated nodes, and the result says why. */
  readonly nodes: NodeKind | "auto";
  /** How many simulated nodes, if they are simulated. @default 1 */
  readonly simulatedNodes?: number;
  /** OCI archives to load into a real node; one of them holds `modelfleet.local/pause:1`. @default none */
  readonly images?: readonly string[];
  /** Paths of the programs; a real node needs those of `NODE_TOOLS` too. */
  readonly tools: ClusterTools & Partial<NodeTools>;
  /**
   * Called before a new cluster starts, with the reason why it replaces the former one; undefined if there is none in
   * the directory. @default nothing
   */
  readonly beforeNew?: (reason: string | undefined) => void;
}

/** A running local cluster. */
export interface Cluster {
  readonly name: string;
  readonly nodes: NodeKind;
  /** Why the nodes are simulated although `auto` prefers a real one. @default they are real, or were to be simulated */
  readonly simulatedBecause?: string;
  /** Path of a kubeconfig with all permissions. */
  readonly kubeconfig: string;
  /**
   * Base URL of Ingresses of the classes `nginx` and `traefik`, and of Gateways of the class `traefik` whose listener has
   * its port; undefined with simulated nodes.
   */
  readonly ingressUrl: string | undefined;
  /** The same by HTTPS. */
  readonly ingressHttpsUrl: string | undefined;
  readonly directory: string;
}
