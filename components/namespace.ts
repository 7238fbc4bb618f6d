import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import { applyAnnotations, fleetLabels, POD_SECURITY, type PodSecurity } from "../fleet/owner";
import type { Extras } from "./metadata";

/** Arguments of {@link createNamespace}. */
export interface NamespaceArgs extends Extras {
  readonly stack: string;
  /** The Pod Security Standard that its pods must pass. @default restricted */
  readonly podSecurity?: PodSecurity;
}

/**
 * The fleet's Namespace, which admits only pods that pass a Pod Security Standard. It stays when the
 * stack is destroyed: deleting a namespace deletes everything in it, and others may have put something there.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function createNamespace(
  name: string,
  { stack, labels, annotations, podSecurity = "restricted" }: NamespaceArgs,
  opts?: pulumi.CustomResourceOptions,
): Namespace {
  return new Namespace(
    name,
    {
      metadata: {
        name,
        labels: { ...labels, ...fleetLabels(name, stack), [POD_SECURITY]: podSecurity },
        annotations: { ...annotations, ...applyAnnotations(stack) },
      },
    },
    { ...opts, retainOnDelete: true },
  );
}
