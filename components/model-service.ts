import { createHmac } from "node:crypto";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { modelNames } from "../fleet/names";
import { metadata, type Placement } from "./metadata";
import { deploymentSpec, rolloutSeconds, type ServerArgs } from "./pod/deployment";
import { serviceSpec } from "./pod/service";

/** Arguments of a {@link ModelService}. Plain values decide the shape of its objects; the rest may be outputs. */
export interface ModelServiceArgs extends Placement {
  /**
   * Container image of the model server.
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly image: pulumi.Input<string>;
  /** Arguments of the container's entrypoint. @default the image's own */
  readonly args?: readonly string[] | undefined;
  /** Plain environment of the container, laid over `MODEL_NAME` (the ID) and `PORT`. */
  readonly env: Readonly<Record<string, string>>;
  /** Secret environment: kept in the model's Secret. A change of it restarts this model's pods and no others. */
  readonly secretEnv: Readonly<Record<string, pulumi.Input<string>>>;
  /** Port on which the server listens. */
  readonly port: number;
  /** How many pods; 0 pauses the model. */
  readonly replicas: number;
  /**
   * What one pod asks for and may use at most.
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly resources: ServerArgs["resources"];
  /** HTTP path that answers 200 once the model can predict. */
  readonly readinessPath: string;
  /** How long one pod may take to become ready, in seconds; the update waits that long and no longer. */
  readonly startupSeconds: number;
  /** Numeric user of the container. @default the image's own, which must not be root */
  readonly runAsUser?: number | undefined;
  /** Further labels of the model's objects and pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations of the model's pods. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Name of the Secret with which the image is pulled. @default none */
  readonly pullSecret?: pulumi.Input<string> | undefined;
}

/**
 * One model, served: its Secret, its Deployment and its Service, all named after the model's ID.
 *
 * @example
 * new ModelService("iris", { ...model, namespace: "models", stack: "prod" });
 */
export class ModelService extends pulumi.ComponentResource {
  /** Name of the model's Service. It depends on the Service alone: what routes to it need not wait for its pods. */
  readonly serviceName: pulumi.Output<string>;

  constructor(id: string, args: ModelServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:ModelService", id, {}, opts);

    const secret = this.createSecret(id, args);
    this.createDeployment(id, args, secret);
    const service = this.createService(id, args);

    this.serviceName = service.metadata.name;
    this.registerOutputs({ serviceName: this.serviceName });
  }

  private createSecret(id: string, args: ModelServiceArgs): Secret {
    return new Secret(
      id,
      {
        metadata: metadata(args, { name: modelNames(id).secret, app: id, labels: args.labels }),
        type: "Opaque",
        // `data`, not `stringData`: the API server never gives that back, so that a refresh could not see a change.
        // Nothing at all where there are none: the server drops an empty map, and a refresh would call that a change.
        ...(Object.keys(args.secretEnv).length > 0 && { data: encoded(args.secretEnv) }),
      },
      { parent: this },
    );
  }

  private createDeployment(id: string, args: ModelServiceArgs, secret: Secret): Deployment {
    const timeouts = rolloutSeconds(args.replicas, args.startupSeconds);
    return new Deployment(
      id,
      {
        metadata: metadata(args, { name: modelNames(id).deployment, labels: args.labels, skipAwait: false }),
        spec: deploymentSpec({
          ...args,
          name: id,
          env: { MODEL_NAME: id, PORT: String(args.port), ...args.env },
          envFromSecret: secret.metadata.name,
          annotations: {
            ...args.annotations,
            "modelfleet.dev/secret-checksum": checksum(args.secretEnv, secret),
          },
        }),
      },
      { parent: this, customTimeouts: { create: `${timeouts.create}s`, update: `${timeouts.update}s` } },
    );
  }

  private createService(id: string, args: ModelServiceArgs): Service {
    return new Service(
      id,
      {
        metadata: metadata(args, { name: modelNames(id).service, labels: args.labels }),
        spec: serviceSpec(id, args.stack),
      },
      { parent: this },
    );
  }
}

/**
 * Changes when the secret environment does, so that the pods restart. Keyed with the Secret's UID: whoever may read
 * pods but not Secrets does not know it, and so cannot try out guesses of a short secret against the annotation.
 */
function checksum(secretEnv: ModelServiceArgs["secretEnv"], secret: Secret): pulumi.Input<string> {
  const names = Object.keys(secretEnv).sort();
  if (names.length === 0) return "none";
  // The ID too, because it is what a preview knows not to know: of the metadata it takes a missing UID for none.
  const values = pulumi.all(names.map((name) => pulumi.output(secretEnv[name])));
  return pulumi.all([values, secret.metadata.uid, secret.id]).apply(([plain, uid]) =>
    createHmac("sha256", uid)
      .update(JSON.stringify([names, plain]))
      .digest("hex"),
  );
}

function encoded(secretEnv: ModelServiceArgs["secretEnv"]): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(secretEnv).map(([name, value]) => [
      name,
      pulumi.secret(value).apply((plain) => Buffer.from(plain).toString("base64")),
    ]),
  );
}
