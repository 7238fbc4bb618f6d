import type * as pulumi from "@pulumi/pulumi";
import type { Variant } from "../../config/resolve";
import { modelNames, variantTitle } from "../../fleet/names";
import type { Kind } from "../../fleet/objects";
import { variantLabels } from "../../fleet/owner";
import type { Scrape } from "../../fleet/scrape";
import { metadata, type Scope } from "../metadata";

/** A variant of a model, as its objects need it. */
export interface VariantArgs extends Scope, Variant<pulumi.Input<string>> {
  /** ID of the model. */
  readonly id: string;
  /** Name of the pull Secret. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
  /** How Prometheus finds the metrics. */
  readonly scrape: Scrape;
  /** Whether no update may delete it. */
  readonly protect: boolean;
}

/** An object of a variant that only some settings ask for, with the name of its Deployment. */
export interface Companion {
  readonly kind: Kind;
  /** Whether the settings ask for it. */
  readonly isWanted: (settings: Variant<unknown>) => boolean;
  readonly create: (args: VariantArgs, opts: pulumi.CustomResourceOptions) => pulumi.Resource;
  /** Whether the pods cannot start without it, so that their Deployment waits for it. @default false */
  readonly isFirst?: boolean;
}

/** The name of a companion for Pulumi, and its metadata. */
export function companionOf(
  args: VariantArgs,
  extras: { readonly annotations?: Readonly<Record<string, string>> } = {},
): { readonly title: string; readonly metadata: ReturnType<typeof metadata> } {
  const { id, variant } = args;
  const name = modelNames(id, variant).deployment;
  const labels = { ...args.labels, ...variantLabels(variant) };
  return { title: variantTitle(id, variant), metadata: metadata(args, { ...extras, name, app: id, labels }) };
}
