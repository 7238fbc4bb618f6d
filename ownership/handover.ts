/**
 * Which model's HTTPRoute must have a path before another one's gives it up. Each is an object of its own, so without
 * an order the path would lead nowhere for a moment. Of two routes with one path, the older one gets the requests.
 */

import { inOrder } from "../components/routing/routes";
import { modelPaths } from "../fleet/names";
import type { Finding, OwnershipArgs } from "./finding";
import { isFleetRoute } from "./own-routes";
import { claimsOfRoute } from "./route-claims";
import type { Snapshot } from "./snapshot";

type Args = Pick<OwnershipArgs, "namespace" | "stack" | "models">;

/** By model ID, the models whose HTTPRoutes take over a path of it, and must do so first. */
export function handovers(args: Args, { httpRoutes }: Pick<Snapshot, "httpRoutes">): Map<string, string[]> {
  const owners = new Map(args.models.flatMap((model) => modelPaths(model).map((path) => [path, model.id])));
  const staying = new Set(args.models.map(({ id }) => id));
  const routes = httpRoutes.filter((route) => isFleetRoute(route, args));
  return new Map(
    routes.flatMap((route): [string, string[]][] => {
      // The HTTPRoute of a model has the model's ID as its name. That of a model that goes is deleted last.
      const { name = "" } = route.metadata ?? {};
      if (!staying.has(name)) return [];
      const next = claimsOfRoute(route).flatMap(({ path }) => owners.get(path) ?? []);
      const others = [...new Set(next)].filter((id) => id !== name);
      return others.length > 0 ? [[name, others]] : [];
    }),
  );
}

/** Refuses models that take each other's paths over: none of them can be first. */
export function swappedPaths(args: Args, snapshot: Pick<Snapshot, "httpRoutes">): Finding[] {
  const after = handovers(args, snapshot);
  const ids = args.models.map(({ id }) => id);
  const ordered = new Set(inOrder(ids, after));
  const stuck = ids.filter((id) => !ordered.has(id));
  if (stuck.length === 0) return [];
  const text =
    `routing: models ${stuck.join(", ")} would swap their paths, and with an HTTPRoute each, one of the paths would lead nowhere for a moment; ` +
    "swap what they run instead (image, env, secrets), or do it while routing.flavour is ingress, where one object has all paths";
  return [{ level: "error", text }];
}
