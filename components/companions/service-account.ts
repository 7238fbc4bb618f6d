import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { type Companion, companionOf } from "./companion";

/** The ServiceAccount of a variant's pods. */
export const serviceAccount: Companion = {
  kind: "serviceaccount",
  isWanted: (settings) => settings.serviceAccount !== undefined,
  isFirst: true,
  create: (args, opts) => {
    const { title, metadata } = companionOf(args, { annotations: args.serviceAccount?.annotations ?? {} });
    return new ServiceAccount(title, { metadata, automountServiceAccountToken: false }, opts);
  },
};
