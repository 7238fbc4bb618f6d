import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** Explains why a Deployment is not ready, by its name; undefined if there is nothing to tell. */
export type Explain = (deployment: string) => Promise<string | undefined>;

/** The hooks of a resource by its type. */
export type HooksOf = (type: string) => pulumi.ResourceHookBinding;

/** How long the engine may take to take a message, in milliseconds. */
const LOG_MS = 5000;

/**
 * Hooks by which Pulumi asks for an explanation once a Deployment has not become ready in its time, and shows it as an
 * error of that Deployment. They have no effect on what the update does. None with an engine before 3.217, which has no
 * such hooks: it shows the provider's error only.
 */
export async function explaining(explain: Explain): Promise<HooksOf[]> {
  const hook = new pulumi.ErrorHook("explain", async ({ urn, failedOperation, newInputs }) => {
    const { metadata } = (newInputs ?? {}) as { readonly metadata?: { readonly name?: string } };
    if (failedOperation === "delete" || metadata?.name === undefined) return false;
    const text = await explain(metadata.name);
    if (text === undefined) return false;
    await tell("error", text, urn);
    return false;
  });
  if (!(await isRegistered(hook))) return [];
  return [(type) => (type === "kubernetes:apps/v1:Deployment" ? { onError: [hook] } : {})];
}

/** Whether the engine has taken a hook. Pulumi's SDK asks the engine for its features, and keeps the answer to itself. */
async function isRegistered(hook: pulumi.ErrorHook): Promise<boolean> {
  const { __registered } = hook as pulumi.ErrorHook & { readonly __registered?: Promise<void> };
  try {
    await __registered;
    return true;
  } catch {
    return false;
  }
}

/** Shows a message about a resource from one of its hooks. */
export async function tell(level: "error" | "info", text: string, urn: string): Promise<void> {
  // The resource itself has no URN before the engine is done with it, which waits for this hook. Any earlier message
  // might wait in the same way, and messages are sent in order: so the hook does not wait for long.
  const resource = { urn: pulumi.output(urn) } as pulumi.Resource;
  await Promise.race([pulumi.log[level](text, resource), sleep(LOG_MS, undefined, { ref: false })]);
}
