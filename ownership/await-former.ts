/**
 * A Deployment is deleted without waiting for its pods to end (`await-rollouts.ts`), so one of the same name may be on
 * its way out when it is made anew: what is applied to that would go with it.
 */

import * as pulumi from "@pulumi/pulumi";
import { isListening } from "../components/engine-call";
import { withMore } from "../components/hooks";
import { transformOwn } from "../components/own-resources";
import { pathOf, pulumiType } from "../fleet/objects";
import { type Api, connect, unexpectedStatus } from "../kubernetes/api";
import { until } from "../lib/until";
import type { OwnershipArgs } from "./finding";
import type { Snapshot } from "./snapshot";
import { timeoutSeconds } from "./timeouts";

const POLL_MS = 500;

/** Makes the fleet's Deployments from now on wait until a former one of the same name is gone, if there is any. */
export function awaitFormer(
  { cluster, namespace }: Pick<OwnershipArgs, "cluster" | "namespace">,
  { objects }: Pick<Snapshot, "objects">,
): void {
  const there = new Set((objects.get("deployment") ?? []).map(({ metadata }) => metadata.name));
  if (there.size === 0) return;
  const seconds = new Map<string, number>();
  let api: Api | undefined;
  const hook = new pulumi.ResourceHook("modelfleet: the former one is gone", async ({ newInputs }) => {
    const { metadata } = newInputs as { readonly metadata: { readonly name: string } };
    const place = { namespace, name: metadata.name };
    const timeoutMs = 1000 * (seconds.get(metadata.name) ?? timeoutSeconds());
    // One login for all, which may be a program that the kubeconfig names.
    api ??= connect(cluster);
    const asked = api;
    const isOver = async () => !(await isListening()) || !(await isBeingDeleted(asked, place));
    if (await until(isOver, { intervalMs: POLL_MS, timeoutMs })) return;
    throw new Error(
      `deployment/${metadata.name} of an earlier update is still being deleted; see why its pods do not end, and run \`pulumi up\` again`,
    );
  });
  transformOwn(({ type, props, opts }) => {
    const { metadata = {} } = props as { readonly metadata?: { readonly name?: string } };
    const { name = "" } = metadata;
    if (type !== pulumiType("deployment") || !there.has(name)) return undefined;
    const { customTimeouts = {} } = opts as pulumi.CustomResourceOptions;
    seconds.set(name, timeoutSeconds(customTimeouts.delete));
    return { props, opts: { ...opts, hooks: withMore(opts.hooks, { beforeCreate: [hook] }) } };
  });
}

async function isBeingDeleted(
  api: Api,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<boolean> {
  const { status, body } = await api.get(pathOf("deployment", namespace, name));
  if (status === 404) return false;
  if (status !== 200) throw unexpectedStatus(api, `get deployment ${name}`, status, body);
  const { metadata } = body as { readonly metadata?: { readonly deletionTimestamp?: string } };
  return metadata?.deletionTimestamp !== undefined;
}
