import type { types } from "@pulumi/kubernetes";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Destination, NetworkPolicySettings } from "../config/network-schema";
import type { Variant } from "../config/resolve";
import { FLEET_NAMES } from "../fleet/names";
import type { Announcement } from "../fleet/objects";
import { podsOfFleet, podsOfModel } from "../fleet/owner";
import { type Extras, metadata, type Scope } from "./metadata";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Peer = types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

/** The named ports on which pods of the fleet answer; a pod without one of them has nothing there. */
const SERVED = ["http", "metrics"].map((port) => ({ port, protocol: "TCP" }));

/** Where a cluster's nodes and clouds answer DNS themselves, as with NodeLocal DNSCache. */
const LINK_LOCAL = "169.254.0.0/16";

/**
 * DNS of the cluster, in whatever namespace its pods are. Port 5353 is that of OpenShift's pods, which policies see
 * behind the Service's port 53.
 */
const DNS: EgressRule = {
  to: [{ namespaceSelector: {} }, { ipBlock: { cidr: LINK_LOCAL } }],
  ports: [53, 5353].flatMap((port) => ["UDP", "TCP"].map((protocol) => ({ port, protocol }))),
};

/** Announces the object of {@link createNetworkPolicy}. */
export function networkPolicyObjects({
  networkPolicy,
}: {
  readonly networkPolicy?: NetworkPolicySettings | undefined;
}): Announcement[] {
  if (networkPolicy?.enabled !== true) return [];
  return [{ object: `networkpolicy/${FLEET_NAMES.networkPolicy}`, by: "the network policy" }];
}

/** Arguments of {@link createNetworkPolicy}. */
export interface NetworkPolicyArgs extends Scope, Extras {
  readonly networkPolicy?: NetworkPolicySettings | undefined;
}

/**
 * The one NetworkPolicy of the fleet, for all of its pods; none if the settings have none. What a model may do besides is
 * its own policy: policies add up.
 *
 * Every pod of the fleet may receive requests from the others, and send none, so that a connection from model to model
 * needs one line: where it begins.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function createNetworkPolicy(args: NetworkPolicyArgs, opts?: pulumi.CustomResourceOptions): void {
  const { networkPolicy, labels, annotations, stack } = args;
  if (networkPolicy?.enabled !== true) return;
  const { from, to } = networkPolicy;
  const own = policySpec(
    podsOfFleet(stack),
    { from: [{ podLabels: podsOfFleet(stack) }, ...from], to },
    stack,
  );
  const name = FLEET_NAMES.networkPolicy;
  new NetworkPolicy(
    name,
    {
      metadata: metadata(args, { name, labels, annotations }),
      spec: { ...own, policyTypes: ["Ingress", "Egress"], egress: [DNS, ...(own.egress as EgressRule[])] },
    },
    opts,
  );
}

/** The spec of a policy that lets pods receive requests from some and connect to others. */
export function policySpec(
  pods: Readonly<Record<string, string>>,
  { from = [], to = [] }: NonNullable<Variant["network"]>,
  stack: string,
): PolicySpec {
  return {
    podSelector: { matchLabels: pods },
    policyTypes: [...(from.length > 0 ? ["Ingress"] : []), ...(to.length > 0 ? ["Egress"] : [])],
    ingress: from.length === 0 ? [] : [{ from: from.map((one) => peerOf(one, stack)), ports: SERVED }],
    egress: to.map((one) => ({
      to: [peerOf(one, stack)],
      ...(one.ports && { ports: one.ports.map((port) => ({ port, protocol: "TCP" })) }),
    })),
  };
}

function peerOf({ namespace, podLabels, cidr, except, model }: Destination, stack: string): Peer {
  if (cidr !== undefined) return { ipBlock: { cidr, ...(except && { except: [...except] }) } };
  if (model !== undefined) return { podSelector: { matchLabels: podsOfModel(model, stack) } };
  return {
    ...(namespace !== undefined && {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    }),
    ...(podLabels && { podSelector: { matchLabels: podLabels } }),
  };
}
