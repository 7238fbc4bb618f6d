/**
 * A Deployment is deleted without waiting for its pods to end (`await-rollouts.ts`), so one of the same name may be on
 * its way out when it is made anew: what is applied to that would go with it.
 */

import * as pulumi from "@pulumi/pulumi";
import { transformOwn } from "../components/own-resources";
import { pathOf, pulumiType } from "../fleet/objects";
import { connect } from "../kubernetes/api";
import { until } from "../lib/until";
import type { OwnershipArgs } from "./finding";
import type { Snapshot } from "./snapshot";

const POLL_MS = 500;

/** How long the pods of a Deployment may take to end, in milliseconds. */
const PATIENCE_MS = 30 * 60_000;

/** Makes the fleet's Deployments from now on wait until a former one of the same name is gone, if there is any. */
export function awaitFormer(
  { cluster, namespace }: Pick<OwnershipArgs, "cluster" | "namespace">,
  { objects }: Pick<Snapshot, "objects">,
): void {
  const there = new Set((objects.get("deployment") ?? []).map(({ metadata }) => metadata.name));
  if (there.size === 0) return;
  const hook = new pulumi.ResourceHook("the former one is gone", async ({ newInputs }) => {
    const { metadata } = newInputs as { readonly metadata: { readonly name: string } };
    const path = pathOf("deployment", namespace, metadata.name);
    const api = connect(cluster);
    const isGone = async () => {
      const { body } = await api.get(path);
      const { metadata: found } = body as { readonly metadata?: { readonly deletionTimestamp?: string } };
      return found?.deletionTimestamp === undefined;
    };
    if (await until(isGone, { intervalMs: POLL_MS, timeoutMs: PATIENCE_MS })) return;
    throw new Error(
      `deployment/${metadata.name} of an earlier update is still being deleted; see why its pods do not end, and run \`pulumi up\` again`,
    );
  });
  transformOwn(({ type, props, opts }) => {
    const { metadata = {} } = props as { readonly metadata?: { readonly name?: string } };
    if (type !== pulumiType("deployment") || !there.has(metadata.name)) return undefined;
    return { props, opts: { ...opts, hooks: { ...opts.hooks, beforeCreate: [hook] } } };
  });
}
