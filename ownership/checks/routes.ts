import { FLEET_NAMES, hostsOf, modelPaths, OPENAI_PATH } from "../../fleet/names";
import { type ObjectMeta, stackOf } from "../../fleet/owner";
import { type Claim, claimsOf, classOf, entryOf, overlaps } from "../claims";
import type { Check, Finding, Plan } from "../finding";
import { gatewayOfFleet } from "../gateway";
import { isFleetIngress, isFleetRoute } from "../own-routes";
import { attachesTo, claimsOfRoute } from "../route-claims";
import type { Snapshot } from "../snapshot";

/** How many paths a message lists. */
const LISTED = 3;

/** An Ingress or an HTTPRoute, with the requests that it claims. */
interface Router {
  readonly metadata: ObjectMeta & { readonly deletionTimestamp?: string };
  /** As `adopt` names it. */
  readonly entry: string;
  readonly claims: readonly Claim[];
  readonly isOwn: boolean;
}

/**
 * Refuses paths that an Ingress or an HTTPRoute of somebody else routes already: the controller would choose one of the
 * two without a word. Paths that the fleet's own objects route already are only warned about, so that a fleet that
 * overlaps with another one can still be updated.
 */
export const takenRoutes: Check = (plan, snapshot) => [
  ...(plan.announced.has(`ingress/${FLEET_NAMES.ingress}`)
    ? findingsOf(plan, ingressesOfClass(plan, snapshot), snapshot.seesAllIngresses, "Ingresses")
    : []),
  ...(snapshot.gateway === undefined
    ? []
    : findingsOf(plan, routesOfGateway(plan, snapshot), snapshot.seesAllHttpRoutes, "HTTPRoutes")),
];

function findingsOf(plan: Plan, routers: readonly Router[], seesAll: boolean, kind: string): Finding[] {
  const claims = claimsOfFleet(plan);
  if (claims.length === 0) return [];
  const running = routers.filter((router) => router.isOwn).flatMap((router) => router.claims);
  const findings = routers
    .filter(({ isOwn: own, metadata, entry }) => {
      return !own && metadata.deletionTimestamp === undefined && !plan.adopt.includes(entry);
    })
    .flatMap((router) => findingsAbout(router, overlaps(claims, router.claims), running));
  if (seesAll) return findings;
  const text = `the account may not list ${kind} of all namespaces, so another fleet may route the same paths unnoticed`;
  return [...findings, { level: "info", text }];
}

/** Those that the fleet's ingress controller serves. */
function ingressesOfClass(plan: Plan, { ingresses, last }: Snapshot): Router[] {
  const fleets = placesOf(plan, last);
  const routers = ingresses.map((ingress): Router & { readonly className: string | undefined } => {
    const { metadata = {} } = ingress;
    const own = fleets.some((fleet) => isFleetIngress(ingress, fleet));
    const className = classOf(ingress);
    return { metadata, entry: entryOf(ingress), claims: claimsOf(ingress), isOwn: own, className };
  });
  return routers.filter((router) => router.isOwn || router.className === plan.ingress.className);
}

/** Those that attach to the fleet's Gateway. */
function routesOfGateway(plan: Plan, { httpRoutes, last }: Snapshot): Router[] {
  const fleets = placesOf(plan, last);
  const gateway = gatewayOfFleet(plan);
  return httpRoutes
    .filter((route) => attachesTo(route, gateway))
    .map((route) => {
      const { metadata = {} } = route;
      const own = fleets.some((fleet) => isFleetRoute(route, fleet));
      const entry = `httproute/${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
      return { metadata, entry, claims: claimsOfRoute(route), isOwn: own };
    });
}

/** Where the fleet is and was: a stack with the same name may have another namespace. */
function placesOf({ namespace, stack }: Plan, last: Snapshot["last"]) {
  return [namespace, last.namespace ?? namespace].map((one) => ({ namespace: one, stack }));
}

function claimsOfFleet({ models, routing }: Plan): Claim[] {
  const paths = [
    ...models.flatMap(modelPaths),
    // The default backend answers there without a header, so that two fleets never share it, whatever their models.
    ...(routing.openai === true ? [OPENAI_PATH] : []),
    ...(routing.defaultBackend === undefined ? [] : ["/"]),
  ];
  return [
    ...hostsOf(routing).flatMap((host) => paths.map((path) => ({ host, path, isExact: false }))),
    ...models.flatMap(({ host }) => (host === undefined ? [] : [{ host, path: "/", isExact: false }])),
  ];
}

function findingsAbout(
  { metadata, entry }: Router,
  taken: readonly Claim[],
  running: readonly Claim[],
): Finding[] {
  const has = new Set(running.map(({ host, path }) => `${host ?? ""} ${path}`));
  const isRunning = ({ host, path }: Claim) => has.has(`${host ?? ""} ${path}`);
  const [fresh, both] = [taken.filter((claim) => !isRunning(claim)), taken.filter(isRunning)];
  const stack = stackOf(metadata);
  const owner = stack === undefined ? entry : `${entry} (stack "${stack}")`;
  return [
    ...(fresh.length === 0
      ? []
      : [
          {
            level: "error" as const,
            text: `routing: ${listOf(fresh)} routed by ${owner} already; choose another routing.host or routing.pathPrefix`,
            adopt: { entry, effect: "route it too" },
          },
        ]),
    ...(both.length === 0
      ? []
      : [
          {
            level: "warning" as const,
            text: `routing: ${listOf(both)} routed by ${owner} too, so requests may go there; choose another routing.host or routing.pathPrefix for one of the two`,
          },
        ]),
  ];
}

function listOf(claims: readonly Claim[]): string {
  const paths = claims.map(({ path }) => path);
  const more = paths.length - LISTED;
  const list = [...paths.slice(0, LISTED), ...(more > 0 ? [`${more} more`] : [])].join(", ");
  const host = claims[0]?.host;
  const where = host === undefined ? "on every host" : `on ${host}`;
  return `${list} ${where} ${paths.length === 1 ? "is" : "are"}`;
}
