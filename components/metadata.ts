import type * as pulumi from "@pulumi/pulumi";
import { fieldManager, fleetLabels } from "../fleet/names";

/** Whose the objects of a component are, and where they stand. */
export interface Placement {
  /** Namespace of every object. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Pulumi stack, which is the owner that the objects name. */
  readonly stack: string;
}

/** What differs between the metadata of one object and another. */
export interface MetadataArgs {
  /** The object's own name. */
  readonly name: string;
  /** Value of `app.kubernetes.io/name`, where it is not the object's own name. */
  readonly app?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Whether the update goes on without waiting for the object.
   * @default true: a Service's wait costs 10 s and says less than its Deployment's does
   */
  readonly skipAwait?: boolean;
}

/**
 * The metadata of an object of the fleet: labels that say whose it is, and how Pulumi applies it. Forced, because
 * config is the authority: without it, undoing what somebody did by hand fails with a field conflict.
 */
export function metadata({ namespace, stack }: Placement, args: MetadataArgs) {
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

/** How Pulumi applies an object: over whatever else holds its fields, and under a name that says who did. */
export function applyAnnotations(stack: string): Record<string, string> {
  return { "pulumi.com/patchForce": "true", "pulumi.com/patchFieldManager": fieldManager(stack) };
}
