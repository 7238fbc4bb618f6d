/** Makes an update fail that has applied everything. */

import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { sent } from "../components/hooks";
import { known } from "../components/known-id";
import { metadata } from "../components/metadata";
import { asRunError } from "../lib/run-error";
import { someOf } from "../lib/some-of";
import { UserError } from "../lib/user-error";

/** How many models an error names. */
const NAMED = 10;

/** A Deployment whose pods are not ready. */
export interface Late {
  readonly name: string;
  /** Whether this run has applied it. */
  readonly isApplied: boolean;
  /** Says why, as an error of it. Of one that was applied, that is said already. */
  readonly tell: () => Promise<void>;
}

/**
 * Makes the update fail because pods are not ready, as after an object that was refused: a program that fails would keep
 * Pulumi from deleting the models that have left the list. So one more object is registered, which is never sent, since its
 * hook refuses it.
 *
 * `pulumi destroy` and `pulumi refresh` run the program too, and leave new objects out, as does an update with `--target`:
 * then the update fails for what it has applied, and for nothing else.
 */
export async function failUpdate(
  late: readonly Late[],
  opts: pulumi.CustomResourceOptions,
  { namespace, stack }: { readonly namespace: string; readonly stack: string },
): Promise<void> {
  let isTold = false;
  const hook = new pulumi.ResourceHook("modelfleet: every model is ready", async () => {
    isTold = true;
    // Before the hook ends: without PULUMI_CONTINUE_ON_ERROR, nothing comes after it.
    await sent(...late.filter(({ isApplied }) => !isApplied).map(({ tell }) => tell()));
    throw errorOf(late);
  });
  const object = { apiVersion: "modelfleet.dev/v1", kind: "Rollouts" };
  const args = { ...object, metadata: metadata({ namespace, stack }, { name: "rollouts" }) };
  const resource = new CustomResource("rollouts", args, { ...opts, hooks: { beforeCreate: [hook] } });
  await known(resource.urn);
  const applied = late.filter(({ isApplied }) => isApplied);
  if (!isTold && applied.length > 0) throw asRunError(errorOf(applied));
}

function errorOf(late: readonly Late[]): UserError {
  const names = late.map(({ name }) => name);
  return new UserError(`${someOf(names, NAMED)}: not ready; an error of each says why`);
}
