/**
 * Waits until the fleet's routes serve. Pulumi deletes last, so what an update waits for here comes before the routes
 * and the pods that it deletes: a switch between Ingress and HTTPRoutes loses no request.
 */

import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { transformOwn } from "../components/own-resources";
import { FLEET_NAMES } from "../fleet/names";
import { pathOf, pulumiType } from "../fleet/objects";
import { ownerLabels } from "../fleet/owner";
import { type Api, connect } from "../kubernetes/api";
import { listObjects } from "../kubernetes/list";
import { asRunError } from "../lib/run-error";
import { until } from "../lib/until";
import { UserError } from "../lib/user-error";
import type { Ownership } from "./check";
import type { OwnershipArgs } from "./finding";
import { isFleetIngress, isFleetRoute } from "./own-routes";
import { type GatewayName, type HttpRouteObject, refersTo } from "./route-claims";
import type { Snapshot } from "./snapshot";

/** How long controllers may take, in milliseconds: to accept an HTTPRoute, and to say that they serve an Ingress. */
const PATIENCE_MS = 30_000;
const POLL_MS = 500;

/**
 * From a route's status to its first request, in milliseconds: a controller reports a route before its proxies have it.
 * Traefik passes changes on every two seconds.
 */
const SETTLE_MS = 5_000;

/** How many routes an error names. */
const NAMED = 5;

/**
 * Watches which routes the fleet registers from now on.
 *
 * @returns Waits until they serve; to be called when everything is registered. A preview waits for nothing.
 */
export function watchRoutes(
  args: OwnershipArgs,
  { snapshot }: Ownership,
): () => pulumi.Output<void> | undefined {
  const types = [pulumiType("ingress"), pulumiType("httproute")];
  const registered: pulumi.CustomResource[] = [];
  transformOwn(({ type, resource }) => {
    if (types.includes(type)) registered.push(resource as pulumi.CustomResource);
    return undefined;
  });
  return () => {
    if (pulumi.runtime.isDryRun() || registered.length === 0) return undefined;
    // An ID is `namespace/name`.
    const applied = pulumi.all(registered.map(({ urn, id }) => pulumi.all([urn, id])));
    return applied.apply(async (all) => {
      const namesOf = (type: string) =>
        all.flatMap(([urn, id]) => (urn.includes(`${type}::`) ? (id.split("/")[1] ?? []) : []));
      const [ingress, httproute] = types.map(namesOf);
      await awaitRoutes(args, snapshot, { hasIngress: ingress?.length !== 0, httpRoutes: httproute ?? [] });
    });
  };
}

async function awaitRoutes(
  args: OwnershipArgs,
  snapshot: Snapshot,
  { hasIngress, httpRoutes }: { readonly hasIngress: boolean; readonly httpRoutes: readonly string[] },
): Promise<void> {
  const hasRoutes = httpRoutes.length > 0;
  const leavesIngress = !hasIngress && snapshot.ingresses.some((one) => isFleetIngress(one, args));
  const leavesRoutes = !hasRoutes && snapshot.httpRoutes.some((one) => isFleetRoute(one, args));
  const api = connect(args.cluster);
  if (hasRoutes) await awaitHttpRoutes(api, args, { names: new Set(httpRoutes), isSwitch: leavesIngress });
  if (leavesRoutes) await awaitIngress(api, args);
  if (leavesIngress || leavesRoutes) await sleep(SETTLE_MS);
}

/** What is awaited, and whether requests still come by the Ingress, which goes next. */
interface Awaited {
  readonly names: ReadonlySet<string>;
  readonly isSwitch: boolean;
}

async function awaitHttpRoutes(api: Api, args: OwnershipArgs, { names, isSwitch }: Awaited): Promise<void> {
  const { namespace, stack } = args;
  const gateway = { name: args.gateway.name, namespace: args.gateway.namespace ?? namespace };
  let waiting: readonly Waiting[] = [];
  await until(
    async () => {
      const routes = await listObjects<HttpRouteObject>(api, pathOf("httproute", namespace), {
        labels: ownerLabels(stack),
      });
      waiting = routes.flatMap((route) => {
        const { name = "" } = route.metadata ?? {};
        const why = names.has(name) ? whyNotAccepted(route, gateway) : undefined;
        return why === undefined ? [] : [{ name, why }];
      });
      return waiting.length === 0;
    },
    { intervalMs: POLL_MS, timeoutMs: PATIENCE_MS },
  );
  const refused = waiting.filter(({ why }) => why !== NO_STATUS);
  if (refused.length > 0 || (isSwitch && waiting.length > 0)) throw asRunError(errorOf(waiting, gateway));
  if (waiting.length > 0) await pulumi.log.warn(`${told(waiting, gateway)}; is its controller running?`);
}

/** An HTTPRoute that is not accepted, and why. */
interface Waiting {
  readonly name: string;
  readonly why: string;
}

const NO_STATUS = "no controller has looked at it";

/** Why a Gateway does not serve a route yet; undefined if it does. */
export function whyNotAccepted(
  { metadata, status }: HttpRouteObject,
  gateway: GatewayName,
): string | undefined {
  // A controller may leave what it said about another listener of the Gateway, which the route had before.
  const current = (status?.parents ?? [])
    .filter(({ parentRef = {} }) => refersTo(parentRef, gateway, metadata?.namespace))
    .flatMap(({ conditions = [] }) => conditions)
    .filter(({ observedGeneration = 0 }) => observedGeneration >= (metadata?.generation ?? 0));
  const bad = current.find(({ type = "", status: is }) => REQUIRED.includes(type) && is === "False");
  if (bad !== undefined) return [bad.reason, bad.message].filter((text) => text).join(": ");
  return current.some(({ type, status: is }) => type === "Accepted" && is === "True") ? undefined : NO_STATUS;
}

/** @see https://gateway-api.sigs.k8s.io/reference/api-spec/main/spec/#routeconditiontype */
const REQUIRED: readonly string[] = ["Accepted", "ResolvedRefs"];

function told(waiting: readonly Waiting[], { name, namespace }: GatewayName): string {
  const some = waiting.slice(0, NAMED).map((one) => `httproute/${one.name} (${one.why})`);
  const more = waiting.length > NAMED ? `, and ${waiting.length - NAMED} more` : "";
  return `Gateway ${namespace}/${name} has not accepted ${some.join(", ")}${more}`;
}

function errorOf(waiting: readonly Waiting[], gateway: GatewayName): UserError {
  return new UserError(
    `${told(waiting, gateway)}; the update has done the rest, except that it deleted nothing; ` +
      "mend what the message says, and run `pulumi up` again",
  );
}

/** Not every controller reports an address: then the wait tells so, and the switch goes on. */
async function awaitIngress(api: Api, { namespace }: OwnershipArgs): Promise<void> {
  const serves = await until(
    async () => {
      const { body } = await api.get(pathOf("ingress", namespace, FLEET_NAMES.ingress));
      const { status } = body as { status?: { loadBalancer?: { ingress?: readonly object[] } } };
      return (status?.loadBalancer?.ingress ?? []).length > 0;
    },
    { intervalMs: POLL_MS, timeoutMs: PATIENCE_MS },
  );
  if (!serves)
    await pulumi.log.warn(
      `ingress/${FLEET_NAMES.ingress}: no ingress controller reports an address for it; next time, set routing.flavour to both, and to ingress once it answers`,
    );
}
