import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** Explains why a Deployment is not ready, by its name; undefined if there is nothing to tell. */
export type Explain = (deployment: string) => Promise<string | undefined>;

/** How long the engine may take to take a message, in milliseconds. */
const LOG_MS = 5000;

/**
 * Options by which Pulumi asks for an explanation once a Deployment has not become ready in its time, and shows it as an
 * error of that Deployment. They have no effect on what the update does.
 *
 * @returns Gives the options of a resource by its type.
 */
export function explaining(explain: Explain): (type: string) => pulumi.CustomResourceOptions {
  const hook = new pulumi.ErrorHook("explain", async ({ urn, failedOperation, newInputs }) => {
    const { metadata } = (newInputs ?? {}) as { readonly metadata?: { readonly name?: string } };
    if (failedOperation === "delete" || metadata?.name === undefined) return false;
    const text = await explain(metadata.name);
    if (text === undefined) return false;
    // The resource itself has no URN before the engine is done with it, which waits for this hook. Any earlier message
    // might wait in the same way, and messages are sent in order: so the hook does not wait for long.
    const resource = { urn: pulumi.output(urn) } as pulumi.Resource;
    await Promise.race([pulumi.log.error(text, resource), sleep(LOG_MS, undefined, { ref: false })]);
    return false;
  });
  return (type) => (type === "kubernetes:apps/v1:Deployment" ? { hooks: { onError: [hook] } } : {});
}
