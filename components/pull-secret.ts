import * as pulumi from "@pulumi/pulumi";
import { FLEET_NAMES } from "../fleet/names";
import type { Announcement } from "../fleet/objects";
import type { Extras, Scope } from "./metadata";
import { createVersionedSecret, versionedSecretObjects } from "./versioned-secret";

/** Arguments of {@link createPullSecret}. */
export interface PullSecretArgs extends Scope, Extras {
  /** The registry's host, such as `registry.example.com`. */
  readonly server: string;
  readonly username: string;
  readonly password: pulumi.Input<string>;
}

/** Announces the objects of {@link createPullSecret}. */
export function pullSecretObjects(): Announcement[] {
  return versionedSecretObjects(FLEET_NAMES.pullSecret, true, "the registry");
}

/**
 * The pull Secret of every image of the fleet, with one version per credentials.
 *
 * @returns Name of the version.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 */
export function createPullSecret(
  { server, username, password, ...scope }: PullSecretArgs,
  opts?: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const credentials = pulumi.secret(password).apply((plain) => dockerConfig(server, username, plain));
  const type = "kubernetes.io/dockerconfigjson";
  const values = { ".dockerconfigjson": credentials };
  return createVersionedSecret(
    FLEET_NAMES.pullSecret,
    { ...scope, objectName: FLEET_NAMES.pullSecret, type, values },
    opts,
  );
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
