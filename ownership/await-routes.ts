/**
 * Waits until the fleet's routes serve. Pulumi deletes last, so what an update waits for here comes before the routes
 * and the pods that it deletes: a switch between Ingress and HTTPRoutes loses no request.
 */

import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { knownId } from "../components/known-id";
import { transformOwn } from "../components/own-resources";
import { FLEET_NAMES, modelPaths } from "../fleet/names";
import { pathOf, pulumiType } from "../fleet/objects";
import { ownerLabels } from "../fleet/owner";
import { type Api, connect } from "../kubernetes/api";
import { listObjects } from "../kubernetes/list";
import { asRunError } from "../lib/run-error";
import { until } from "../lib/until";
import { UserError } from "../lib/user-error";
import type { RolloutWatch } from "./await-rollouts";
import type { Ownership } from "./check";
import type { OwnershipArgs } from "./finding";
import { gatewayOfFleet } from "./gateway";
import { claimsToday, isFleetIngress, isFleetRoute } from "./own-routes";
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

/** An Ingress or an HTTPRoute that the program has registered. */
interface Registered {
  readonly kind: "ingress" | "httproute";
  readonly name: string;
  readonly resource: pulumi.CustomResource;
}

/**
 * Watches which routes the fleet registers from now on.
 *
 * @returns Waits until they serve; to be called when everything is registered. A preview waits for nothing. If a route
 *   that answers today was not applied, such as that of a model whose new pods do not start, the update fails and
 *   deletes nothing: what would go may be all that answers.
 */
export function watchRoutes(
  args: OwnershipArgs,
  { snapshot }: Pick<Ownership, "snapshot">,
  { isRefused }: Pick<RolloutWatch, "isRefused">,
): () => Promise<void> {
  const registered: Registered[] = [];
  transformOwn(({ type, resource, props }) => {
    const kind = (["ingress", "httproute"] as const).find((one) => pulumiType(one) === type);
    const { metadata } = props as { readonly metadata?: { readonly name?: string } };
    const { name = "" } = metadata ?? {};
    if (kind !== undefined) registered.push({ kind, name, resource: resource as pulumi.CustomResource });
    return undefined;
  });
  return () =>
    pulumi.runtime.isDryRun() || registered.length === 0
      ? Promise.resolve()
      : finish(args, snapshot, registered, isRefused);
}

async function finish(
  args: OwnershipArgs,
  snapshot: Snapshot,
  registered: readonly Registered[],
  isRefused: RolloutWatch["isRefused"],
): Promise<void> {
  const ids = await Promise.all(registered.map(({ resource }) => knownId(resource)));
  const absent = registered.filter(({ resource }, index) => ids[index] === undefined || isRefused(resource));
  const today = new Set(claimsToday(args, snapshot).map(({ path }) => path));
  const answering = absent.filter((route) => answersAt(today, route, args));
  if (answering.length > 0) throw asRunError(notApplied(answering));
  const namesOf = (kind: Registered["kind"]) =>
    registered.flatMap((route) => (route.kind === kind && !absent.includes(route) ? [route.name] : []));
  await awaitRoutes(args, snapshot, {
    hasIngress: namesOf("ingress").length > 0,
    httpRoutes: namesOf("httproute"),
  });
}

/** Whether requests for a route come already, by whatever leads them. @param today The paths that are answered */
function answersAt(
  today: ReadonlySet<string>,
  { kind, name }: Registered,
  args: Pick<OwnershipArgs, "models">,
): boolean {
  const model = args.models.find(({ id }) => id === name);
  if (kind === "ingress" || model === undefined) return today.size > 0;
  return modelPaths(model).some((path) => today.has(path));
}

function notApplied(routes: readonly Registered[]): UserError {
  const names = named(routes.map(({ kind, name }) => `${kind}/${name}`));
  return new UserError(
    `${names}: not applied, because of the errors above; the update has done the rest, except that it deleted nothing, ` +
      "so that what answers today goes on; correct the errors, and run `pulumi up` again",
  );
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
  const gateway = gatewayOfFleet(args);
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
  const routes = named(waiting.map((one) => `httproute/${one.name} (${one.why})`));
  return `Gateway ${namespace}/${name} has not accepted ${routes}`;
}

/** The first routes, and how many there are besides. */
function named(routes: readonly string[]): string {
  const more = routes.length > NAMED ? `, and ${routes.length - NAMED} more` : "";
  return `${routes.slice(0, NAMED).join(", ")}${more}`;
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
