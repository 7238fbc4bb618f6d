/** Which requests an HTTPRoute claims. Pure. */

import type { ObjectMeta } from "../fleet/owner";
import { type Claim, plainPath } from "./claims";

/** @see https://gateway-api.sigs.k8s.io/reference/api-types/httproute/ */
export interface HttpRouteObject {
  readonly metadata?: ObjectMeta & { readonly deletionTimestamp?: string; readonly generation?: number };
  readonly spec?: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly matches?: readonly {
        readonly path?: { readonly type?: string; readonly value?: string };
        readonly headers?: readonly object[];
        readonly queryParams?: readonly object[];
        readonly method?: string;
      }[];
      readonly backendRefs?: readonly { readonly name?: string }[];
    }[];
  };
  readonly status?: {
    readonly parents?: readonly {
      readonly parentRef?: ParentRef;
      readonly conditions?: readonly Condition[];
    }[];
  };
}

export interface ParentRef {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly sectionName?: string;
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

/** A Gateway. */
export interface GatewayName {
  readonly name: string;
  readonly namespace: string;
}

/** Whether a reference of a route is to a Gateway. @param routeNamespace Where the route is. */
export function refersTo(
  { kind = "Gateway", name, namespace }: ParentRef,
  gateway: GatewayName,
  routeNamespace = "",
): boolean {
  return kind === "Gateway" && name === gateway.name && (namespace ?? routeNamespace) === gateway.namespace;
}

/** Whether a route attaches to a Gateway. */
export function attachesTo({ metadata, spec }: HttpRouteObject, gateway: GatewayName): boolean {
  return spec?.parentRefs?.some((ref) => refersTo(ref, gateway, metadata?.namespace)) ?? false;
}

/** The requests that a route claims whatever else they have; a match of a header takes its share on purpose. */
export function claimsOfRoute({ spec = {} }: HttpRouteObject): Claim[] {
  const hosts = spec.hostnames?.length ? spec.hostnames : [undefined];
  const paths = (spec.rules ?? []).flatMap(({ matches }) =>
    (matches?.length ? matches : [{}])
      .filter(({ headers, queryParams, method }) => !headers?.length && !queryParams?.length && !method)
      .flatMap(({ path: { type = "PathPrefix", value = "/" } = {} }) => {
        const path = type === "RegularExpression" ? plainPath(value) : value.replace(/(?<=.)\/$/, "");
        return path === undefined ? [] : [{ path, isExact: type === "Exact" }];
      }),
  );
  return hosts.flatMap((host) => paths.map((claim) => ({ host, ...claim })));
}
