import { FLEET_NAMES, modelPaths } from "../../fleet/names";
import { isOwn, stackOf } from "../../fleet/owner";
import { type Claim, claimsOf, classOf, entryOf, overlaps } from "../claims";
import type { Check, Finding, Plan } from "../finding";
import type { IngressObject } from "../snapshot";

/** How many paths a message lists. */
const LISTED = 3;

/**
 * Refuses paths that an Ingress of somebody else routes already: the ingress controller would choose one of the two
 * without a word. Paths that the fleet's own Ingress routes already are only warned about, so that a fleet that
 * overlaps with another one can still be updated.
 */
export const takenRoutes: Check = (plan, { ingresses, seesAllIngresses, last }) => {
  const claims = claimsOfFleet(plan);
  if (claims.length === 0) return [];
  // Only in the fleet's namespaces: a stack with the same name may have another one.
  const namespaces = [plan.namespace, last.namespace];
  const isOwnIngress = ({ metadata = {} }: IngressObject) =>
    namespaces.includes(metadata.namespace) &&
    metadata.name === FLEET_NAMES.ingress &&
    isOwn(metadata, plan.stack);
  const running = ingresses.filter(isOwnIngress).flatMap(claimsOf);
  const findings = ingresses
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .filter((ingress) => !isOwnIngress(ingress) && classOf(ingress) === plan.ingress.className)
    .filter((ingress) => !plan.adopt.includes(entryOf(ingress)))
    .flatMap((ingress) => findingsAbout(ingress, overlaps(claims, claimsOf(ingress)), running));
  if (seesAllIngresses) return findings;
  const text =
    "the account may not list Ingresses of all namespaces, so another fleet may route the same paths unnoticed";
  return [...findings, { level: "info", text }];
};

function claimsOfFleet({ models, routing: { host, defaultBackend }, announced }: Plan): Claim[] {
  if (!announced.has(`ingress/${FLEET_NAMES.ingress}`)) return [];
  const paths = models.flatMap(modelPaths);
  return [...paths, ...(defaultBackend === undefined ? [] : ["/"])].map((path) => ({
    host,
    path,
    isExact: false,
  }));
}

function findingsAbout(
  { metadata = {} }: IngressObject,
  taken: readonly Claim[],
  running: readonly Claim[],
): Finding[] {
  const has = new Set(running.map(({ host, path }) => `${host ?? ""} ${path}`));
  const isRunning = ({ host, path }: Claim) => has.has(`${host ?? ""} ${path}`);
  const [fresh, both] = [taken.filter((claim) => !isRunning(claim)), taken.filter(isRunning)];
  const entry = entryOf({ metadata });
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
