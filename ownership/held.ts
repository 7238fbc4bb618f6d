/** Resources that wait for the pods of Deployments, and are not applied if these do not become ready. */

import * as pulumi from "@pulumi/pulumi";
import { withMore } from "../components/hooks";
import { keyOf } from "../components/renamed";

/** What became of a Deployment. That of one that was not applied, Pulumi tells. */
export type Outcome = "ready" | "not ready" | "not applied" | "stopped";

/** A Deployment that the fleet has registered. */
export interface Rollout {
  readonly name: string;
  readonly outcome: Promise<Outcome>;
}

/** The resources that wait. */
export interface Held {
  /** Makes a resource wait that depends on some of the Deployments; undefined for any other one. */
  readonly hold: pulumi.ResourceTransformation;
  /** Whether a resource was not applied. Pulumi gives it the ID that it had before, as if it were. */
  readonly isRefused: (resource: pulumi.Resource) => boolean;
}

/**
 * The engine takes a Deployment for done once it is applied, so what depends on it is registered later, when its pods are
 * ready. If they are not, a hook tells the engine not to apply it.
 */
export function holdDependents(rollouts: ReadonlyMap<pulumi.Resource, Rollout>): Held {
  const held = new Map<
    string,
    { readonly resource: pulumi.Resource; readonly awaited: readonly Rollout[] }
  >();
  const refused = new Set<pulumi.Resource>();
  const hook = new pulumi.ResourceHook("modelfleet: pods are ready", async ({ type, name }) => {
    const { resource, awaited } = held.get(keyOf(type, name)) ?? { awaited: [] };
    const outcomes = await Promise.all(awaited.map(({ outcome }) => outcome));
    const late = awaited.filter((_one, index) => outcomes[index] !== "ready").map(({ name: one }) => one);
    if (late.length === 0) return;
    if (resource !== undefined) refused.add(resource);
    const names = late.map((one) => `deployment/${one}`).join(", ");
    throw new Error(`not applied, because the pods of ${names} are not ready`);
  });
  return {
    hold: ({ type, name, resource, props, opts }) => {
      const dependsOn = [(opts as pulumi.CustomResourceOptions).dependsOn ?? []].flat() as pulumi.Resource[];
      const awaited = dependsOn.flatMap((one) => rollouts.get(one) ?? []);
      if (awaited.length === 0) return undefined;
      held.set(keyOf(type, name), { resource, awaited });
      const settled = dependsOn.map((one) => rollouts.get(one)?.outcome.then(() => one) ?? one);
      const hooks = withMore(opts.hooks, { beforeCreate: [hook], beforeUpdate: [hook] });
      return { props, opts: { ...opts, hooks, dependsOn: settled } };
    },
    isRefused: (resource) => refused.has(resource),
  };
}
