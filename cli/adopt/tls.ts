import { entryOf, hostsMeet } from "../../ownership/claims";
import type { RoutesObject } from "./objects";

/** The setting `routing.tls`. */
export interface Tls {
  readonly secretName?: string | undefined;
  readonly redirect: boolean;
}

const SSL_REDIRECT = "nginx.ingress.kubernetes.io/ssl-redirect";

/** What of the fleet decides how its HTTPS is set. */
interface Fleet {
  readonly namespace: string;
  readonly host: string | undefined;
  readonly controller: string;
  readonly tls: Tls | undefined;
}

/**
 * The HTTPS to set, as the old Ingresses have it, and what is to be said about it: a fleet has one certificate.
 *
 * @param from Namespace of the old Ingresses.
 */
export function tlsToSet(
  ingresses: Iterable<RoutesObject>,
  fleet: Fleet,
  from: string,
): { readonly tls?: Tls; readonly notes: readonly string[]; readonly problems: readonly string[] } {
  const old = [...ingresses].flatMap((ingress) =>
    (ingress.spec?.tls ?? [])
      .filter(({ hosts = [] }) => hosts.length === 0 || hosts.some((host) => hostsMeet(fleet.host, host)))
      .map(({ secretName }) => ({ ingress, secretName })),
  );
  const [first] = old;
  if (first === undefined) return { notes: [], problems: [] };
  const entry = entryOf(first.ingress);
  if (fleet.host === undefined) {
    const note = `${entry}: its tls is not carried over, since routing.tls needs routing.host; set both, or let the controller have the certificate`;
    return { notes: [note], problems: [] };
  }
  const names = [...new Set(old.map(({ secretName }) => secretName ?? "the controller's own"))];
  if (names.length > 1) {
    const several = `routing.tls: the old Ingresses have several certificates for ${fleet.host} (${names.join(", ")}), and a fleet has one; leave one`;
    return { notes: [], problems: [several] };
  }
  if (fleet.tls !== undefined) return { notes: [`routing.tls: stays as it is set`], problems: [] };
  // ingress-nginx redirects unless it is said otherwise. A Middleware of Traefik may redirect, which is not looked at.
  const redirect =
    fleet.controller === "nginx" &&
    old.every(({ ingress }) => ingress.metadata.annotations?.[SSL_REDIRECT] !== "false");
  const { secretName } = first;
  const isElsewhere = secretName !== undefined && from !== fleet.namespace;
  const copy = `routing.tls.secretName: the Secret ${secretName} is in namespace ${from}; the fleet's Ingress needs it in namespace ${fleet.namespace}`;
  return {
    tls: { ...(secretName !== undefined && { secretName }), redirect },
    notes: isElsewhere ? [copy] : [],
    problems: [],
  };
}
