import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import type { Model } from "../config/resolve";
import { modelNames, modelPaths } from "../fleet/names";
import type { Announcement } from "../fleet/objects";
import { DEFAULT_VARIANT, PROTECTED } from "../fleet/owner";
import { metadata, type Scope } from "./metadata";
import { deploymentSpec, rolloutTimeouts } from "./pod/deployment";
import { serviceSpec } from "./pod/service";
import type { Route } from "./routing/route";
import { createVersionedSecret, versionedSecretObjects } from "./versioned-secret";

/** Arguments of a {@link ModelService}: the model's settings (`config/model-schema.ts`), owner and namespace. */
export interface ModelServiceArgs extends Scope, Omit<Model<pulumi.Input<string>>, "id"> {
  /** Name of the pull Secret. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
}

/** Announces the objects of a {@link ModelService}. */
export function modelObjects({ id, secretEnv }: Pick<Model<unknown>, "id" | "secretEnv">): Announcement[] {
  const by = `model "${id}"`;
  const { deployment, service, secret } = modelNames(id);
  return [
    ...versionedSecretObjects(secret, Object.keys(secretEnv).length > 0, by),
    { object: `deployment/${deployment}`, by },
    { object: `service/${service}`, by },
  ];
}

/**
 * One model: its Secret, its Deployment and its Service, all named by the model's ID.
 *
 * @example
 * new ModelService("iris", { ...model, namespace: "models", stack: "prod" });
 */
export class ModelService extends pulumi.ComponentResource {
  /** Name of the model's Service. It depends only on the Service, so that routes need not wait for the model's pods. */
  readonly serviceName: pulumi.Output<string>;
  /** Name of the Secret version with the model's secret environment; undefined if there is none. */
  readonly secretName: pulumi.Output<string> | undefined;
  /** How requests reach the model, for a {@link ModelIngress}. */
  readonly route: Route;

  constructor(id: string, args: ModelServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:ModelService", id, {}, opts);

    this.secretName = this.createSecret(id, args);
    const ready = this.createDeployment(id, args);
    const service = this.createService(id, args);

    this.serviceName = service.metadata.name;
    const backend = { variant: DEFAULT_VARIANT, service: this.serviceName, weight: 100, ready };
    this.route = { id, paths: modelPaths(args), backends: [backend] };
    this.registerOutputs({ serviceName: this.serviceName });
  }

  private createSecret(id: string, args: ModelServiceArgs): pulumi.Output<string> | undefined {
    const { namespace, stack, labels, secretEnv: values } = args;
    const objectName = modelNames(id).secret;
    return createVersionedSecret(
      id,
      { namespace, stack, labels, objectName, app: id, type: "Opaque", values },
      { parent: this },
    );
  }

  private createDeployment(id: string, args: ModelServiceArgs): Deployment {
    const known = { MODEL_NAME: id, PORT: String(args.port), ...args.env };
    // Plain environment would override the model's secrets of the same name.
    const env = Object.fromEntries(Object.entries(known).filter(([name]) => !(name in args.secretEnv)));
    const { stack, pullSecret, labels, protect } = args;
    // For the check before an update, which knows no setting of a model that has left them.
    const annotations = protect ? { [PROTECTED]: "true" } : {};
    const name = modelNames(id).deployment;
    return new Deployment(
      id,
      {
        metadata: metadata(args, { name, app: id, labels, annotations, skipAwait: false }),
        spec: deploymentSpec(
          { ...args, env },
          { name: id, stack, pullSecret, envFromSecret: this.secretName },
        ),
      },
      { parent: this, customTimeouts: rolloutTimeouts(args), protect },
    );
  }

  private createService(id: string, args: ModelServiceArgs): Service {
    const { labels, annotations } = args.service;
    const own = { labels: { ...args.labels, ...labels }, annotations };
    return new Service(
      id,
      {
        metadata: metadata(args, { name: modelNames(id).service, app: id, ...own }),
        spec: serviceSpec(id, args.stack),
      },
      { parent: this, protect: args.protect },
    );
  }
}
