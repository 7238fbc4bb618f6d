import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** The hooks of a resource by its type. */
export type HooksOf = (type: string) => pulumi.ResourceHookBinding;

/** Hooks by the moment when they run, error hooks left out. */
type More = Readonly<
  Partial<Record<Exclude<keyof pulumi.ResourceHookBinding, "onError">, pulumi.ResourceHook[]>>
>;

/** The hooks of a resource with further ones, which run last. */
export function withMore(own: pulumi.ResourceHookBinding = {}, more: More): pulumi.ResourceHookBinding {
  const moments = Object.keys(more) as (keyof More)[];
  const both = moments.map((moment) => [moment, [...(own[moment] ?? []), ...(more[moment] ?? [])]]);
  return { ...own, ...(Object.fromEntries(both) as pulumi.ResourceHookBinding) };
}

/** How long the engine may take to take a message, in milliseconds. */
const LOG_MS = 5000;

/** Shows a message about a resource from one of its hooks. */
export async function tell(text: string, urn: string): Promise<void> {
  // The resource itself has no URN before the engine is done with it, which waits for this hook.
  const resource = { urn: pulumi.output(urn) } as pulumi.Resource;
  await sent(pulumi.log.info(text, resource));
}

/**
 * Waits in a hook until messages are sent, but not for long: messages are sent in order, and an earlier one might wait for a
 * resource that waits for the hook.
 */
export async function sent(...messages: readonly Promise<void>[]): Promise<void> {
  await Promise.race([Promise.all(messages), sleep(LOG_MS, undefined, { ref: false })]);
}
