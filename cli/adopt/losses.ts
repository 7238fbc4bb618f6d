import { FLEET_NAMES } from "../../fleet/names";
import { pathOf } from "../../fleet/objects";
import { type Api, unexpectedStatus } from "../../kubernetes/api";
import { step } from "../../lib/progress";
import { until } from "../../lib/until";
import { UserError } from "../../lib/user-error";
import { claimsOf, entryOf } from "../../ownership/claims";
import type { OldPaths } from "./leftovers";
import type { RoutesObject } from "./objects";

/** How long an ingress controller may take to write the address of an Ingress, in milliseconds: ingress-nginx, a minute. */
const ADDRESS_MS = 90_000;

/**
 * Refuses to remove paths that the fleet's own Ingress does not serve.
 *
 * @param namespace The fleet's namespace.
 * @throws UserError with everything that would be lost
 */
export async function refuseLosses(api: Api, namespace: string, paths: readonly OldPaths[]): Promise<void> {
  if (paths.length === 0) return;
  const own = await readIngress(api, namespace);
  const losses = lossesOf(own, paths);
  if (losses.length > 0)
    throw new UserError(`nothing was deleted:\n${losses.map((loss) => `  ${loss}`).join("\n")}`);
  // Some controllers write no address at all.
  if (!paths.some(({ ingress }) => hasAddress(ingress))) return;
  const isTaken = async () => hasAddress(await readIngress(api, namespace));
  const taken =
    hasAddress(own) ||
    (await step("Waiting for the ingress controller to take the fleet's Ingress", () =>
      until(isTaken, { intervalMs: 500, timeoutMs: ADDRESS_MS }),
    ));
  if (taken !== true)
    throw new UserError(
      `nothing was deleted: no ingress controller has taken Ingress ${FLEET_NAMES.ingress} in namespace ${namespace} (it has no address, and the old one has); check ingress.className`,
    );
}

/** What would be lost without the old paths: paths on a host, and HTTPS. */
export function lossesOf(own: RoutesObject | undefined, paths: readonly OldPaths[]): string[] {
  const claims = own === undefined ? [] : claimsOf(own);
  const hasTls = (ingress: RoutesObject | undefined) => (ingress?.spec?.tls ?? []).length > 0;
  return paths.flatMap(({ ingress, routes }) => [
    ...routes
      .filter(
        ({ path, host }) =>
          !claims.some((claim) => claim.path === path && (claim.host === undefined || claim.host === host)),
      )
      .map(
        ({ path, host, written }) =>
          `${entryOf(ingress)}: the fleet's Ingress does not route ${path ?? written.path ?? "/"} on ${host ?? "every host"}; see \`npx modelfleet status\``,
      ),
    ...(hasTls(ingress) && !hasTls(own)
      ? [`${entryOf(ingress)}: has tls, and the fleet's Ingress has none; set routing.tls`]
      : []),
  ]);
}

async function readIngress(api: Api, namespace: string): Promise<RoutesObject | undefined> {
  const path = pathOf("ingress", namespace, FLEET_NAMES.ingress);
  const { status, body } = await api.get(path);
  if (status === 404) return undefined;
  if (status !== 200) throw unexpectedStatus(api, `get ingress ${FLEET_NAMES.ingress}`, status, body);
  return body as RoutesObject;
}

function hasAddress(ingress: RoutesObject | undefined): boolean {
  return (ingress?.status?.loadBalancer?.ingress ?? []).length > 0;
}
