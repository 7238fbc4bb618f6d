import * as pulumi from "@pulumi/pulumi";
import { type Model, type Variant, variantsOf } from "../config/resolve";
import { DEFAULT_VARIANT, modelPaths } from "../fleet/names";
import type { Announcement } from "../fleet/objects";
import type { Scrape } from "../fleet/scrape";
import type { Scope } from "./metadata";
import type { Route } from "./routing/route";
import { createVariant, variantObjects } from "./variant";

/** What only a model with variants has. */
type OfVariants = "variant" | "weight" | "challengers";

/** Arguments of a {@link ModelService}: the model's settings (`config/model-schema.ts`), owner and namespace. */
export interface ModelServiceArgs
  extends
    Scope,
    Omit<Model<pulumi.Input<string>>, "id" | OfVariants>,
    Partial<Pick<Model<pulumi.Input<string>>, OfVariants>> {
  /** Name of the pull Secret. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
  /** How Prometheus finds the metrics. @default annotations */
  readonly scrape?: Scrape;
}

/** Announces the objects of a {@link ModelService}. */
export function modelObjects(model: Model<unknown>): Announcement[] {
  return variantsOf(model).flatMap((variant) => variantObjects(model.id, variant));
}

/**
 * One model: a Secret, a Deployment and a Service, named by the model's ID, and the same for each further variant.
 *
 * @example
 * new ModelService("iris", { ...model, namespace: "models", stack: "prod" });
 */
export class ModelService extends pulumi.ComponentResource {
  /** Name of the champion's Service. It depends only on the Service, so that routes need not wait for the model's pods. */
  readonly serviceName: pulumi.Output<string>;
  /** Names of the Secret versions with the secret environment of each variant that has some. */
  readonly secretNames: readonly pulumi.Output<string>[];
  /** How requests reach the model, for a {@link ModelIngress}. */
  readonly route: Route;

  constructor(id: string, args: ModelServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:ModelService", id, {}, opts);

    const { namespace, stack, pullSecret, scrape = "annotations", ...settings } = args;
    const model = { variant: DEFAULT_VARIANT, weight: 100, challengers: [], ...settings, id };
    const { challengers, protect, ...champion } = model;
    const create = (variant: Variant<pulumi.Input<string>>, isChampion: boolean) =>
      createVariant(
        // What a protected model must not lose is its champion: the others come and go.
        { ...variant, id, namespace, stack, pullSecret, scrape, protect: protect && isChampion },
        { parent: this },
      );
    const first = create(champion, true);
    const all = [first, ...challengers.map((variant) => create(variant, false))];

    this.serviceName = first.serviceName;
    this.secretNames = all.flatMap(({ secretName }) => secretName ?? []);
    this.route = {
      id,
      paths: modelPaths(args),
      host: args.host,
      backends: all.map(({ backend }) => backend),
    };
    this.registerOutputs({ serviceName: this.serviceName });
  }
}
