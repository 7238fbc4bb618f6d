import type * as pulumi from "@pulumi/pulumi";
import type { Cors } from "../../config/cors-schema";
import type { GatewaySettings } from "../../config/gateway-rules";
import { OPENAI_PATH } from "../../fleet/names";
import { KINDS, SERVICE_PORT } from "../../fleet/objects";
import type { Backend, Route } from "./route";

/**
 * HTTPRoutes of the Gateway API, standard channel. Pure.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/api-types/httproute/
 */

/** @see https://gateway-api.sigs.k8s.io/reference/api-spec/main/spec/#httproutespec */
export interface HttpRouteSpec {
  readonly parentRefs: readonly ParentRef[];
  readonly hostnames?: readonly string[];
  readonly rules: readonly HttpRouteRule[];
}

interface ParentRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly sectionName?: string;
}

interface HttpRouteRule {
  readonly matches: readonly {
    readonly path: { readonly type: "PathPrefix"; readonly value: string };
    readonly headers?: readonly Header[];
  }[];
  readonly filters?: readonly object[];
  readonly backendRefs?: readonly BackendRef[];
  readonly timeouts?: { readonly request: string };
}

interface Header {
  readonly name: string;
  readonly value: string;
}

interface BackendRef {
  readonly name: pulumi.Input<string>;
  readonly port: number;
  readonly weight?: number;
}

/** Where routes attach, and for which requests. */
export interface RouteScope {
  readonly gateway: GatewaySettings;
  /** @default every host of the Gateway's listeners */
  readonly hosts?: readonly string[];
  /** Which pages of other origins may call the models. @default what the model answers itself */
  readonly cors?: Cors | undefined;
  /** The listener. @default that of the Gateway's settings */
  readonly sectionName?: string | undefined;
  /** The header that names a model at the path that all models share. @default there is no such path */
  readonly modelHeader?: string | undefined;
}

/** A way to a model. */
interface Entrance {
  readonly path: string;
  /** Headers that its requests have. @default any */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the model gets the requests without the path. */
  readonly isStripped: boolean;
}

const [GATEWAY_GROUP = ""] = KINDS.gateway.apiVersion.split("/");

/** The header that tells a server which path was stripped, so that it can write links to itself. */
const FORWARDED_PREFIX = "X-Forwarded-Prefix";

/**
 * The HTTPRoute of a model: per entrance, a rule for each variant that a header names, and one that splits the rest. A
 * rule has one path, since the API server accepts the replacement of a prefix only there.
 */
export function modelRouteSpec(route: Route, scope: RouteScope): HttpRouteSpec {
  const { backends, timeoutSeconds } = route;
  const byHeader = backends.filter(({ headers }) => headers !== undefined);
  const limits = timeoutSeconds === undefined ? {} : { timeouts: { request: `${timeoutSeconds}s` } };
  return {
    ...attached(scope),
    rules: entrancesOf(route, scope)
      .flatMap((entrance) => [
        ...byHeader.map((backend) => headerRule(entrance, backend)),
        splitRule(entrance, backends),
      ])
      .map((rule) => withFilters({ ...rule, ...limits }, corsFilters(scope))),
  };
}

/** The HTTPRoute for the host of a model alone: all that comes there is the model's. */
export function hostRouteSpec(route: Route, host: string, scope: RouteScope): HttpRouteSpec {
  return modelRouteSpec({ ...route, paths: ["/"] }, { ...scope, hosts: [host], modelHeader: undefined });
}

/** The paths of a model, and the one of all models for requests that name it: what follows that is the model's own path. */
function entrancesOf({ id, paths }: Route, { modelHeader }: RouteScope): Entrance[] {
  return [
    ...paths.map((path) => ({ path, isStripped: path !== "/" })),
    ...(modelHeader === undefined
      ? []
      : [{ path: OPENAI_PATH, headers: { [modelHeader]: id }, isStripped: false }]),
  ];
}

/**
 * The HTTPRoute of the default backend, which sees the whole path: any longer path goes before it. At the path that all
 * models share it answers the list, also to a client that names a model with every request, and requests without a model.
 */
export function restRouteSpec(service: pulumi.Input<string>, scope: RouteScope): HttpRouteSpec {
  const rule = (...paths: string[]): HttpRouteRule => ({
    matches: paths.map((path) => ({ path: prefix(path) })),
    backendRefs: [{ name: service, port: SERVICE_PORT.port }],
  });
  // A browser asks for permission without the header that names a model: the filter answers it here.
  const shared = withFilters(rule(`${OPENAI_PATH}/models`, OPENAI_PATH), corsFilters(scope));
  return { ...attached(scope), rules: [...(scope.modelHeader === undefined ? [] : [shared]), rule("/")] };
}

/** The HTTPRoute that redirects every request to HTTPS. */
export function redirectRouteSpec(httpsPort: number, scope: RouteScope): HttpRouteSpec {
  const requestRedirect = {
    scheme: "https",
    statusCode: 301,
    // Said even if it is the scheme's own: otherwise the redirect keeps the listener's port.
    port: httpsPort,
  };
  return {
    ...attached(scope),
    rules: [{ matches: [{ path: prefix("/") }], filters: [{ type: "RequestRedirect", requestRedirect }] }],
  };
}

function corsFilters({ cors }: RouteScope): object[] {
  if (cors === undefined) return [];
  const { maxAgeSeconds, exposeHeaders, ...rest } = cors;
  const exposed = exposeHeaders.length > 0 && { exposeHeaders };
  return [{ type: "CORS", cors: { ...rest, ...exposed, maxAge: maxAgeSeconds } }];
}

function withFilters(rule: HttpRouteRule, first: readonly object[]): HttpRouteRule {
  return first.length === 0 ? rule : { ...rule, filters: [...first, ...(rule.filters ?? [])] };
}

function headerRule(entrance: Entrance, { headers, service }: Backend): HttpRouteRule {
  return {
    matches: [matchOf(entrance, headers)],
    ...filtering(entrance),
    backendRefs: [{ name: service, port: SERVICE_PORT.port }],
  };
}

function splitRule(entrance: Entrance, backends: readonly Backend[]): HttpRouteRule {
  const mirrors = backends.flatMap(({ service, mirrorPercent = 0 }) =>
    mirrorPercent === 0 ? [] : [mirror(service, mirrorPercent)],
  );
  // One with weight 0 would be resolved and watched for nothing.
  const served = backends.filter(({ weight }) => weight > 0);
  const isSplit = served.length > 1;
  return {
    matches: [matchOf(entrance)],
    ...filtering(entrance, mirrors),
    backendRefs: served.map(({ service, weight }) => ({
      name: service,
      port: SERVICE_PORT.port,
      ...(isSplit && { weight }),
    })),
  };
}

function matchOf(
  { path, headers }: Entrance,
  more: Backend["headers"] = {},
): HttpRouteRule["matches"][number] {
  const wanted = Object.entries({ ...headers, ...more })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
  return { path: prefix(path), ...(wanted.length > 0 && { headers: wanted }) };
}

function filtering({ path, isStripped }: Entrance, more: readonly object[] = []) {
  const filters = [...(isStripped ? stripping(path) : []), ...more];
  return filters.length === 0 ? {} : { filters };
}

function mirror(service: pulumi.Input<string>, percent: number): object {
  const requestMirror = {
    backendRef: { name: service, port: SERVICE_PORT.port },
    ...(percent < 100 && { percent }),
  };
  return { type: "RequestMirror", requestMirror };
}

/** Strips the path, and tells the server about it. */
function stripping(path: string): object[] {
  return [
    {
      type: "RequestHeaderModifier",
      requestHeaderModifier: { set: [{ name: FORWARDED_PREFIX, value: path }] },
    },
    {
      type: "URLRewrite",
      urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } },
    },
  ];
}

function prefix(value: string) {
  return { type: "PathPrefix", value } as const;
}

function attached({ gateway, hosts = [], sectionName = gateway.sectionName }: RouteScope) {
  return {
    parentRefs: [
      {
        group: GATEWAY_GROUP,
        kind: KINDS.gateway.kind,
        name: gateway.name,
        ...(gateway.namespace !== undefined && { namespace: gateway.namespace }),
        ...(sectionName !== undefined && { sectionName }),
      },
    ],
    ...(hosts.length > 0 && { hostnames: hosts }),
  };
}
