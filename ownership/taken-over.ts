import { hostsOf, modelNames, modelPaths } from "../fleet/names";
import { type Claim, claimsOf, entryOf, overlaps } from "./claims";
import type { OwnershipArgs } from "./finding";
import { isFleetIngress } from "./own-routes";
import type { Snapshot } from "./snapshot";

/** What decides which models take requests over. */
interface Routed extends Pick<OwnershipArgs, "adopt" | "models" | "namespace" | "stack"> {
  readonly routing: Pick<OwnershipArgs["routing"], "host" | "additionalHosts">;
}

/**
 * IDs of the models whose requests another Service answers until their pods are ready, so that routes must wait for
 * them:
 *
 * - An Ingress in `adopt` routes the same path. The ingress controller takes one of the two Ingresses, nobody knows
 *   which. All models, if the account may not look at such an Ingress.
 * - The fleet's own Ingress leads the path to another Service than it will: a model got another ID and kept its path, two
 *   models swapped theirs, a model got variants or another champion.
 */
export function modelsTakenOver(
  routed: Routed,
  { ingresses, seesAllIngresses }: Pick<Snapshot, "ingresses" | "seesAllIngresses">,
): string[] {
  const { adopt, namespace, models, stack } = routed;
  const isElsewhere = (entry: string) =>
    entry.split("/").length === 3 && !entry.startsWith(`ingress/${namespace}/`);
  if (!seesAllIngresses && adopt.some(isElsewhere)) return models.map(({ id }) => id);
  const live = ingresses.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const theirs = live.filter((ingress) => adopt.includes(entryOf(ingress))).flatMap(claimsOf);
  const own = live.filter((ingress) => isFleetIngress(ingress, { namespace, stack })).flatMap(claimsOf);
  return [...new Set([...shared(routed, theirs), ...ledElsewhere(routed, own)])];
}

/** The models with a path that other Ingresses claim too. */
function shared({ models, routing }: Routed, theirs: readonly Claim[]): string[] {
  if (theirs.length === 0) return [];
  const ours = models.flatMap((model) => claimsOfModel(model, routing));
  const met = new Set<object>(overlaps(ours, theirs));
  return ours.filter((claim) => met.has(claim)).map(({ id }) => id);
}

/** The models with a path that the fleet's own Ingress leads to another Service. */
function ledElsewhere({ models, routing }: Routed, own: readonly Claim[]): string[] {
  const unchanged = new Map(own.map((claim) => [placeOf(claim), claim.service]));
  return models.flatMap((model) => {
    const service = modelNames(model.id, model.variant).service;
    // Most paths are as they were, and a large fleet has many: only the others are compared with every claim.
    const ours = claimsOfModel(model, routing).filter((claim) => unchanged.get(placeOf(claim)) !== service);
    const others = ours.length === 0 ? [] : own.filter((claim) => claim.service !== service);
    return overlaps(ours, others).length > 0 ? [model.id] : [];
  });
}

function placeOf({ host = "", path }: Claim): string {
  return `${host} ${path}`;
}

/** The requests that a model claims: its paths on every host of the fleet, and all on its own host. */
function claimsOfModel(
  model: Routed["models"][number],
  routing: Routed["routing"],
): (Claim & { readonly id: string })[] {
  const { id, host } = model;
  return [
    ...hostsOf(routing).flatMap((one) => modelPaths(model).map((path) => ({ host: one, path }))),
    ...(host === undefined ? [] : [{ host, path: "/" }]),
  ].map((claim) => ({ id, ...claim, isExact: false }));
}
