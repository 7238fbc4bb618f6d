import { createHmac } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { Announcement } from "../fleet/objects";
import { VERSION_OF } from "../fleet/owner";
import { type Extras, metadata, type Scope } from "./metadata";

/** Arguments of {@link createVersionedSecret}. */
export interface VersionedSecretArgs extends Scope, Extras {
  /** Name of the Secret that owns the versions, and the prefix of their names. */
  readonly objectName: string;
  /** Value of `app.kubernetes.io/name`. @default the object's own name */
  readonly app?: string;
  /** @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
  readonly type: "Opaque" | "kubernetes.io/dockerconfigjson";
  /** Plain values by key. Without values there is no version. */
  readonly values: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Announces the objects of {@link createVersionedSecret}. */
export function versionedSecretObjects(objectName: string, hasValues: boolean, by: string): Announcement[] {
  return [
    { object: `secret/${objectName}`, by },
    ...(hasValues ? [{ object: `secret/${objectName}-*`, by } as const] : []),
  ];
}

/**
 * An immutable Secret per content, named by a hash. Pods name the version that they were released with, so a restart of
 * the last good release finds its values again. Pulumi never deletes a version, since pods may still need it; an update
 * deletes it after the last such pod (`ownership/unused-secrets.ts`). One empty Secret owns all versions; Kubernetes
 * deletes them with it.
 *
 * @returns Name of the version; undefined without values. The name is not secret: the key of its hash is the owner's
 *   UID, so people who may read pods but not Secrets cannot test guesses of a short value against it.
 */
export function createVersionedSecret(
  name: string,
  { objectName, app = objectName, type, values, ...scope }: VersionedSecretArgs,
  opts?: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const { labels, annotations } = scope;
  const base = metadata(scope, { name: objectName, app, labels, annotations });
  const hidden = { additionalSecretOutputs: ["metadata"] };
  // Without a type: Kubernetes makes it Opaque, and an adopted one keeps its own, which nobody can change.
  const owner = new Secret(name, { metadata: base }, { ...opts, ...hidden });
  const keys = Object.keys(values).sort();
  if (keys.length === 0) return undefined;

  const plain = pulumi.all(keys.map((key) => pulumi.output(values[key] ?? "")));
  // Depends on the ID too: in a preview that is unknown, whereas a missing UID would resolve to undefined.
  const uid = pulumi.all([owner.metadata.uid, owner.id]).apply(([known]) => known);
  const versionName = pulumi
    .all([plain, uid])
    .apply(([contents, secretKey]) => `${objectName}-${hash(secretKey, [type, keys, contents])}`);
  const version = new Secret(
    // No model ID has a dot, so no other resource has this name.
    `${name}.version`,
    {
      metadata: {
        ...base,
        name: pulumi.unsecret(versionName),
        annotations: { ...base.annotations, [VERSION_OF]: objectName },
        ownerReferences: [{ apiVersion: "v1", kind: "Secret", name: objectName, uid }],
      },
      type,
      immutable: true,
      // `data`, not `stringData`: the API server never returns that, so a refresh would miss drift.
      data: Object.fromEntries(keys.map((key) => [key, encoded(values[key] ?? "")])),
    },
    { ...opts, retainOnDelete: true },
  );
  return pulumi.unsecret(version.metadata.name);
}

function hash(key: string, content: unknown): string {
  return createHmac("sha256", key).update(JSON.stringify(content)).digest("hex").slice(0, 10);
}

function encoded(value: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(value).apply((plain) => Buffer.from(plain).toString("base64"));
}
