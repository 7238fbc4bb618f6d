import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../config/resolve";
import { FLEET_NAMES } from "../fleet/names";
import type { Announcement } from "../fleet/objects";
import type { Extras, Scope } from "./metadata";
import { createVersionedSecret, versionedSecretObjects } from "./versioned-secret";

/** Arguments of {@link createPullSecret}. */
export interface PullSecretArgs extends Scope, Extras {
  /** The registry that the images are pulled from. @default they are pulled without credentials */
  readonly registry: Fleet<pulumi.Input<string>>["registry"];
}

/** What {@link createPullSecret} makes, announced. */
export function pullSecretObjects({ registry }: Pick<Fleet<unknown>, "registry">): Announcement[] {
  return versionedSecretObjects(FLEET_NAMES.pullSecret, registry !== undefined, "the registry");
}

/**
 * The Secret with which every image of the fleet is pulled, a version per credentials. Its owner stays without a registry:
 * the last good release may still be pulled with a version of it.
 *
 * @returns Name of the version, undefined without a registry.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 */
export function createPullSecret(
  { registry, ...scope }: PullSecretArgs,
  opts?: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const type = "kubernetes.io/dockerconfigjson";
  const values = registry === undefined ? {} : { ".dockerconfigjson": credentialsOf(registry) };
  return createVersionedSecret(
    FLEET_NAMES.pullSecret,
    { ...scope, objectName: FLEET_NAMES.pullSecret, type, values },
    opts,
  );
}

function credentialsOf({
  server,
  username,
  password,
}: NonNullable<PullSecretArgs["registry"]>): pulumi.Output<string> {
  return pulumi.secret(password).apply((plain) => dockerConfig(server, username, plain));
}

/**
 * The credentials of one registry, in the format of the type `kubernetes.io/dockerconfigjson`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
 */
export function dockerConfig(server: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [server]: { username, password, auth } } });
}
