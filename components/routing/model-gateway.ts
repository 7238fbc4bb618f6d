import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { type GatewaySettings, redirectsToHttps } from "../../config/gateway-rules";
import { modelHeaderOf } from "../../config/openai-rules";
import type { Fleet } from "../../config/resolve";
import { FLEET_NAMES, hostsOf, modelNames } from "../../fleet/names";
import { type Announcement, KINDS } from "../../fleet/objects";
import { type Extras, metadata, type Scope } from "../metadata";
import {
  hostRouteSpec,
  type HttpRouteSpec,
  modelRouteSpec,
  redirectRouteSpec,
  restRouteSpec,
  type RouteScope,
} from "./http-routes";
import type { Route } from "./route";

/** Arguments of a {@link ModelGateway}. */
export interface ModelGatewayArgs extends Scope, Extras {
  readonly gateway: GatewaySettings;
  readonly routing: Pick<Fleet["routing"], "host" | "tls"> &
    Partial<Pick<Fleet["routing"], "additionalHosts" | "cors" | "openai" | "modelHeader">>;
  /** Whether models have hosts of their own. @default false */
  readonly hasHosts?: boolean;
  /** Name of the Service that answers every path without a model. @default the Gateway answers */
  readonly defaultService?: pulumi.Input<string> | undefined;
}

/** The listeners of a Gateway that the fleet makes. */
const HTTP = "http";
const HTTPS = "https";

/** What a {@link ModelGateway} makes, announced. */
export function gatewayObjects({ gateway, routing }: Pick<Fleet, "gateway" | "routing">): Announcement[] {
  const by = "the Gateway";
  return [
    ...(gateway.create === undefined ? [] : [{ object: `gateway/${gateway.name}`, by } as const]),
    ...(redirectsToHttps({ gateway, routing })
      ? [{ object: `httproute/${FLEET_NAMES.redirectRoute}`, by } as const]
      : []),
    ...(routing.defaultBackend === undefined
      ? []
      : [{ object: `httproute/${FLEET_NAMES.defaultBackend}`, by } as const]),
  ];
}

/** The HTTPRoutes of a model, announced. */
export function modelRouteObjects({
  id,
  host,
}: {
  readonly id: string;
  readonly host?: string | undefined;
}): Announcement[] {
  const { route, hostRoute } = modelNames(id);
  const names = host === undefined ? [route] : [route, hostRoute];
  return names.map((name) => ({ object: `httproute/${name}`, by: `model "${id}"` }));
}

/**
 * What the models' HTTPRoutes share: the Gateway if the fleet makes it, the redirect to HTTPS, and the route of the
 * default backend.
 */
export class ModelGateway extends pulumi.ComponentResource {
  /** Where the routes of the models attach, and for which requests. */
  readonly scope: RouteScope;

  constructor(name: string, args: ModelGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("modelfleet:serving:ModelGateway", name, {}, opts);
    const { gateway, routing, defaultService } = args;
    const parent = gateway.create && this.createGateway(name, args, gateway.create);
    const hosts = hostsOf(routing).filter((host) => host !== undefined);
    const at = { gateway, hosts };
    const [first, second] = gateway.create && routing.tls ? [HTTPS, HTTP] : [undefined, undefined];
    const { cors } = routing;
    const modelHeader = modelHeaderOf(routing);
    this.scope = { ...at, cors, sectionName: first ?? gateway.sectionName, modelHeader };
    const own = { ...args, parent: this, dependsOn: parent === undefined ? [] : [parent] };
    if (gateway.create && redirectsToHttps(args))
      createRoute(`${name}.redirect`, own, {
        object: FLEET_NAMES.redirectRoute,
        spec: redirectRouteSpec(gateway.create.httpsPort, { ...at, sectionName: second }),
      });
    if (defaultService !== undefined)
      createRoute(name, own, {
        object: FLEET_NAMES.defaultBackend,
        spec: restRouteSpec(defaultService, this.scope),
      });
    this.registerOutputs({});
  }

  private createGateway(
    name: string,
    args: ModelGatewayArgs,
    { className, httpPort, httpsPort, annotations }: NonNullable<GatewaySettings["create"]>,
  ): pulumi.CustomResource {
    const { tls, host, additionalHosts = [] } = args.routing;
    const { apiVersion, kind } = KINDS.gateway;
    const common = {
      // A listener has one host or all.
      ...(host !== undefined && additionalHosts.length === 0 && !args.hasHosts && { hostname: host }),
      allowedRoutes: { namespaces: { from: "Same" } },
    };
    const https = {
      ...{ name: HTTPS, protocol: "HTTPS", port: httpsPort, ...common },
      tls: { mode: "Terminate", certificateRefs: [{ name: tls?.secretName ?? "" }] },
    };
    return new CustomResource(
      name,
      {
        ...{ apiVersion, kind },
        metadata: metadata(args, {
          name: args.gateway.name,
          labels: args.labels,
          annotations: { ...args.annotations, ...annotations },
        }),
        spec: {
          gatewayClassName: className,
          listeners: [{ name: HTTP, protocol: "HTTP", port: httpPort, ...common }, ...(tls ? [https] : [])],
        },
      },
      { parent: this },
    );
  }
}

/** The owner of a route's object, and what it waits for. */
interface RouteArgs extends Scope, Extras {
  readonly parent: pulumi.Resource;
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * Makes the HTTPRoute of a model, named by the model's ID, as a part of its component, and one for its own host. They
 * wait for the pods of each variant that they lead to, and are deleted before them: no request goes to a pod that is not
 * there.
 *
 * @returns The one with the model's paths
 */
export function createModelRoute(route: Route, scope: RouteScope, args: RouteArgs): pulumi.CustomResource {
  const { id, host } = route;
  const names = modelNames(id);
  const own = {
    ...args,
    dependsOn: [...args.dependsOn, ...route.backends.flatMap(({ ready }) => ready ?? [])],
  };
  if (host !== undefined) {
    const spec = hostRouteSpec(route, host, scope);
    createRoute(`${id}.host`, own, { object: names.hostRoute, app: id, spec });
  }
  return createRoute(id, own, { object: names.route, app: id, spec: modelRouteSpec(route, scope) });
}

function createRoute(
  name: string,
  { parent, dependsOn, labels, annotations, ...scope }: RouteArgs,
  { object, app, spec }: { readonly object: string; readonly app?: string; readonly spec: HttpRouteSpec },
): pulumi.CustomResource {
  const { apiVersion, kind } = KINDS.httproute;
  return new CustomResource(
    name,
    {
      ...{ apiVersion, kind },
      metadata: metadata(scope, { name: object, ...(app !== undefined && { app }), labels, annotations }),
      spec,
    },
    { parent, dependsOn: [...dependsOn] },
  );
}
