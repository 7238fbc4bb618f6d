import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { selectorLabels } from "../../fleet/owner";
import { policySpec } from "../network-policy";
import { type Companion, companionOf } from "./companion";

/** What a variant may send and receive besides what the fleet's own policy allows. */
export const network: Companion = {
  kind: "networkpolicy",
  isWanted: ({ network: { from = [], to = [] } = {} }) => from.length + to.length > 0,
  // Its pods may load what it runs over the network.
  isFirst: true,
  create: (args, opts) => {
    const { title, metadata } = companionOf(args);
    const { id, variant, stack } = args;
    const spec = policySpec(selectorLabels(id, stack, variant), args.network ?? {}, stack);
    return new NetworkPolicy(title, { metadata, spec }, opts);
  },
};
