/** Makes an update fail that has applied everything. */

import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { known } from "../components/known-id";
import { asRunError } from "../lib/run-error";
import { UserError } from "../lib/user-error";

/** How many models an error names. */
const NAMED = 10;

/**
 * Makes the update fail because the pods of these Deployments are not ready, as after an object that was refused: a program
 * that fails would keep Pulumi from deleting the models that have left the list. So one more object is registered, which is
 * never sent, since its hook refuses it.
 *
 * @param hasApplied Whether this run has applied any of them. If not, it may be no update: `pulumi destroy` and `pulumi
 *   refresh` run the program too, and leave new objects out.
 * @returns Whether the update fails
 */
export async function failUpdate(
  names: readonly string[],
  hasApplied: boolean,
  opts: pulumi.CustomResourceOptions,
): Promise<boolean> {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  const error = new UserError(
    `${names.slice(0, NAMED).join(", ")}${more}: not ready; an error of each says why`,
  );
  let isTold = false;
  const hook = new pulumi.ResourceHook("every model is ready", () => {
    isTold = true;
    throw error;
  });
  const object = { apiVersion: "modelfleet.dev/v1", kind: "Rollouts", metadata: { name: "rollouts" } };
  const resource = new CustomResource("rollouts", object, { ...opts, hooks: { beforeCreate: [hook] } });
  await known(resource.urn);
  // An update with `--target` leaves it out too.
  if (!isTold && hasApplied) throw asRunError(error);
  return isTold;
}
