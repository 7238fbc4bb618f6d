import * as pulumi from "@pulumi/pulumi";
import { createFleet, type StackFleet } from "../package";

/** Pulumi's type of the component. */
export const FLEET_TYPE = "modelfleet:index:Fleet";

/** The fleet of the stack's settings as one component, with the stack's outputs as its own. */
export class Fleet extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  readonly urls: pulumi.Output<StackFleet["urls"]>;
  readonly models: pulumi.Output<StackFleet["models"]>;
  readonly clusterId: pulumi.Output<string>;

  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super(FLEET_TYPE, name, {}, options);
    // Pulumi starts a component's process in the folder of the program that uses it.
    const made = createFleet({ parent: this, folder: process.cwd() });
    // Without the output that is a secret, which would make one of all.
    const shown = made.then(({ namespace, urls, models, clusterId }) => ({
      namespace,
      urls,
      models,
      clusterId,
    }));
    const fleet = pulumi.output(shown);
    this.namespace = fleet.namespace;
    this.urls = fleet.urls;
    this.models = fleet.models;
    this.clusterId = fleet.clusterId;
    const { namespace, urls, models, clusterId } = this;
    this.registerOutputs({ namespace, urls, models, clusterId });
  }
}
