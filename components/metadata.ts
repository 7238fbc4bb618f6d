import type * as pulumi from "@pulumi/pulumi";
import { applyAnnotations, fleetLabels } from "../fleet/owner";

/** The owner and the namespace of a component's objects. */
export interface Scope {
  /** Namespace of every object. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Pulumi stack, which owns the objects. */
  readonly stack: string;
}

/** Labels and annotations that users add. */
export interface Extras {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** The metadata that differs between objects. */
export interface MetadataArgs extends Extras {
  /** The object's own name. */
  readonly name: string;
  /** Value of `app.kubernetes.io/name`. @default the object's own name */
  readonly app?: string;
  /**
   * Whether the update continues without waiting for the object.
   * @default true: awaiting a Service takes 10 s and proves less than awaiting its Deployment
   */
  readonly skipAwait?: boolean;
}

/**
 * The metadata of an object of the fleet: labels that say who owns it, and how Pulumi applies it. With force, because
 * config is the authority: otherwise the update that undoes an edit by hand fails with a field conflict.
 */
export function metadata({ namespace, stack }: Scope, args: MetadataArgs) {
  const { name, app = name, labels = {}, annotations = {}, skipAwait = true } = args;
  return {
    name,
    namespace,
    labels: { ...labels, ...fleetLabels(app, stack) },
    annotations: {
      ...annotations,
      ...applyAnnotations(stack),
      ...(skipAwait && { "pulumi.com/skipAwait": "true" }),
    },
  };
}
