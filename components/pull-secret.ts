import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { FLEET_NAMES } from "../fleet/names";
import { dockerConfig } from "./docker-config";
import { metadata, type Placement } from "./metadata";

/** Arguments of {@link createPullSecret}. */
export interface RegistryArgs {
  /** The registry's host, such as `registry.example.com`. */
  readonly server: string;
  readonly username: string;
  readonly password: pulumi.Input<string>;
}

/**
 * The Secret with which every image of the fleet is pulled.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 */
export function createPullSecret(
  placement: Placement,
  { server, username, password }: RegistryArgs,
  opts?: pulumi.CustomResourceOptions,
): Secret {
  const credentials = pulumi.secret(password).apply((plain) => dockerConfig(server, username, plain));
  return new Secret(
    FLEET_NAMES.pullSecret,
    {
      metadata: metadata(placement, { name: FLEET_NAMES.pullSecret }),
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": credentials },
    },
    opts,
  );
}
