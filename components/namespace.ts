import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import { namespaceLabels } from "../fleet/names";
import { applyAnnotations } from "./metadata";

/**
 * The fleet's Namespace, which admits only pods that pass the `restricted` Pod Security Standard. It stays when the
 * stack is destroyed: deleting a namespace deletes everything in it, and others may have put something there.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function createNamespace(name: string, stack: string, opts?: pulumi.CustomResourceOptions): Namespace {
  return new Namespace(
    name,
    {
      metadata: {
        name,
        labels: namespaceLabels(name, stack),
        annotations: applyAnnotations(stack),
      },
    },
    { ...opts, retainOnDelete: true },
  );
}
