import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { FLEET_NAMES } from "../../fleet/names";
import { metadata, type Placement } from "../metadata";
import { deploymentSpec } from "../pod/deployment";
import { serviceSpec } from "../pod/service";

/** Arguments of a {@link DefaultBackend}. */
export interface DefaultBackendArgs extends Placement {
  /** Image of a server on port 8080 that answers 404 with the IDs in its `MODELS`, and 200 on `/healthz`. */
  readonly image: string;
  /** IDs of the active models. */
  readonly models: readonly string[];
  /** Name of the Secret with which the image is pulled. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
}

/** Answers every path that is no model's with 404 and the list of models. */
export class DefaultBackend extends pulumi.ComponentResource {
  /** Name of its Service. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: DefaultBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:DefaultBackend", name, {}, opts);
    const own = FLEET_NAMES.defaultBackend;

    // The list is part of the pod's spec, so that what it answers is what is routed: the next list is a rollout.
    const spec = deploymentSpec({
      name: own,
      stack: args.stack,
      image: args.image,
      env: { MODELS: JSON.stringify([...args.models].sort()), PORT: "8080" },
      port: 8080,
      replicas: 1,
      resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
      readinessPath: "/healthz",
      startupSeconds: 60,
      labels: {},
      annotations: {},
      pullSecret: args.pullSecret,
    });
    new Deployment(
      name,
      { metadata: metadata(args, { name: own, skipAwait: false }), spec },
      { parent: this, customTimeouts: { create: "60s", update: "60s" } },
    );
    const service = new Service(
      name,
      {
        metadata: metadata(args, { name: own }),
        spec: serviceSpec(own, args.stack),
      },
      { parent: this },
    );

    this.serviceName = service.metadata.name;
    this.registerOutputs({ serviceName: this.serviceName });
  }
}
