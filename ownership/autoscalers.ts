/**
 * Models that an autoscaler scales, and models that it no longer does: the number of their pods changes hands before the
 * update, so that nobody else changes it meanwhile, and it never falls to a default.
 */

import * as pulumi from "@pulumi/pulumi";
import { modelNames } from "../fleet/names";
import { type Kind, KIND_NAMES, type ObjectName, pathOf } from "../fleet/objects";
import { AUTOSCALED, isOwn, type ObjectMeta } from "../fleet/owner";
import { type Api, unexpectedStatus } from "../kubernetes/api";
import type { OwnershipArgs, PlannedPods } from "./finding";
import { plannedVariants } from "./planned";
import type { Existing, Snapshot } from "./snapshot";

type Args = Pick<OwnershipArgs, "models" | "namespace" | "stack">;

/** A variant's Deployment, and how the number of its pods is decided. */
export interface PlannedDeployment extends PlannedPods {
  readonly id: string;
  readonly variant: string;
  readonly object: ObjectName;
}

/** The Deployments of all variants. */
export function plannedDeployments({ models }: Pick<Args, "models">): PlannedDeployment[] {
  return plannedVariants({ models }).map(({ id, settings }) => {
    const { variant, autoscaling, saysReplicas = true } = settings;
    return {
      id,
      variant,
      object: `deployment/${modelNames(id, variant).deployment}`,
      autoscaling,
      saysReplicas,
    };
  });
}

/** The Deployments whose number of pods an autoscaler decides from now on, as `kind/name`. */
export function autoscaledObjects(args: Pick<Args, "models">): Set<string> {
  return new Set(
    plannedDeployments(args).flatMap((one) => (one.autoscaling === undefined ? [] : [one.object])),
  );
}

/** The Deployments whose `replicas` the settings decide again, although an autoscaler did at the last update. */
export function takenBack(
  args: Pick<Args, "models" | "stack">,
  deployments: readonly Existing[] = [],
): (PlannedDeployment & { readonly name: string })[] {
  const fixed = new Map(
    plannedDeployments(args).flatMap((one) =>
      one.autoscaling === undefined ? [[one.object as string, one]] : [],
    ),
  );
  return deployments.flatMap(({ object, metadata }) => {
    const planned = fixed.get(object);
    const wasAutoscaled = metadata.annotations?.[AUTOSCALED] !== undefined && isOwn(metadata, args.stack);
    return planned === undefined || !wasAutoscaled ? [] : [{ ...planned, name: metadata.name ?? "" }];
  });
}

/** How many pods those have now whose settings do not say how many they are to have, by the names of their Deployments. */
export async function readPods(
  api: Api,
  args: Args,
  { objects }: Pick<Snapshot, "objects">,
): Promise<ReadonlyMap<string, number>> {
  const open = takenBack(args, objects.get("deployment")).filter(
    ({ saysReplicas }) => saysReplicas === false,
  );
  const found = await Promise.all(
    open.map(async ({ name }): Promise<[string, number][]> => {
      const { status, body } = await api.get(pathOf("deployment", args.namespace, name));
      if (status === 404) return [];
      if (status !== 200) throw unexpectedStatus(api, `get deployment ${name}`, status, body);
      return [[name, (body as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1]];
    }),
  );
  return new Map(found.flat());
}

/**
 * Deletes the stack's autoscalers that the update would delete, or replace by one of another kind. Pulumi deletes last:
 * until then, an autoscaler would change the number of pods that the update sets, and KEDA refuses a second one.
 *
 * @param announced The objects that will be registered, as `kind/name`.
 */
export async function stopAutoscalers(
  api: Api,
  { namespace, stack }: Args,
  { objects }: Pick<Snapshot, "objects">,
  announced: ReadonlySet<string>,
): Promise<void> {
  for (const { object, metadata } of objects.get("deployment") ?? []) {
    const kind = kindOf(metadata);
    const { name = "" } = metadata;
    if (kind === undefined || !announced.has(object) || announced.has(`${kind}/${name}`)) continue;
    const path = pathOf(kind, namespace, name);
    const { status, body } = await api.get(path);
    const { metadata: found = {} } = body as { readonly metadata?: ObjectMeta };
    if (status === 404 || (status === 200 && !isOwn(found, stack))) continue;
    if (status !== 200) throw unexpectedStatus(api, `get ${kind} ${name}`, status, body);
    const answer = await api.delete(path, { uid: found.uid ?? "" });
    if (answer.status >= 400 && answer.status !== 404)
      throw unexpectedStatus(api, `delete ${kind} ${name}`, answer.status, answer.body);
    await pulumi.log.info(
      `deleted ${kind}/${name}, before the update decides how many pods deployment/${name} has`,
    );
  }
}

/** The kind of a Deployment's autoscaler as of its last update. */
function kindOf({ annotations = {} }: ObjectMeta): Kind | undefined {
  const [kind] = (annotations[AUTOSCALED] ?? "").split(" ");
  return KIND_NAMES.find((name) => name === kind);
}
