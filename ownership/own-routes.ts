/** Where the fleet's requests go today, by its own Ingress and HTTPRoutes. Pure. */

import { FLEET_NAMES } from "../fleet/names";
import { isOwn } from "../fleet/owner";
import { type Claim, claimsOf } from "./claims";
import type { OwnershipArgs } from "./finding";
import { claimsOfRoute, type HttpRouteObject } from "./route-claims";
import type { IngressObject, Snapshot } from "./snapshot";

type Fleet = Pick<OwnershipArgs, "namespace" | "stack">;

/** Whether an Ingress is the fleet's. */
export function isFleetIngress({ metadata = {} }: IngressObject, { namespace, stack }: Fleet): boolean {
  return metadata.namespace === namespace && metadata.name === FLEET_NAMES.ingress && isOwn(metadata, stack);
}

/** Whether an HTTPRoute is the fleet's. */
export function isFleetRoute({ metadata = {} }: HttpRouteObject, { namespace, stack }: Fleet): boolean {
  return metadata.namespace === namespace && isOwn(metadata, stack);
}

/** The requests that the fleet answers today. */
export function claimsToday(
  fleet: Fleet,
  { ingresses, httpRoutes }: Pick<Snapshot, "ingresses" | "httpRoutes">,
): Claim[] {
  return [
    ...ingresses.filter((ingress) => isFleetIngress(ingress, fleet)).flatMap(claimsOf),
    ...httpRoutes.filter((route) => isFleetRoute(route, fleet)).flatMap(claimsOfRoute),
  ];
}
