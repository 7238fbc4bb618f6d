import type { Fleet } from "../../config/resolve";

/** Something of the Gateway API that not every controller has, and the setting that needs it. */
export interface NeededFeature {
  /** As `GatewayClass.status.supportedFeatures` names it. */
  readonly feature: string;
  /** The path of the setting. */
  readonly setting: string;
  /** What to do without the feature. */
  readonly fix: string;
}

/**
 * Controllers that have a feature, by their conformance reports: a choice for messages, not the whole list.
 * @see https://gateway-api.sigs.k8s.io/docs/implementations/versions/
 */
const CONTROLLERS_WITH: Readonly<Record<string, string>> = {
  HTTPRoutePathRewrite: "Traefik, Envoy Gateway, kgateway, Istio, Cilium and NGINX Gateway Fabric",
  HTTPRouteSchemeRedirect: "Traefik, Envoy Gateway, kgateway, Istio and Cilium",
  HTTPRoutePortRedirect: "Traefik, Envoy Gateway, kgateway, Istio and Cilium",
};

/** What the fleet's HTTPRoutes need beyond the core of the Gateway API. */
export function neededFeatures({
  models,
  gateway,
  routing: { tls },
}: Pick<Fleet<unknown>, "gateway"> & {
  readonly models: readonly object[];
  readonly routing: { readonly tls?: { readonly redirect?: boolean } | undefined };
}): NeededFeature[] {
  const redirects = gateway.create !== undefined && tls?.redirect === true;
  return [
    ...(models.length > 0
      ? [{ feature: "HTTPRoutePathRewrite", setting: "routing.flavour", fix: "set it to ingress" }]
      : []),
    ...(redirects
      ? ["HTTPRouteSchemeRedirect", "HTTPRoutePortRedirect"].map((feature) => ({
          feature,
          setting: "routing.tls.redirect",
          fix: "set it to false",
        }))
      : []),
  ];
}

/** Controllers that have a feature, for a message. */
export function controllersWith(feature: string): string {
  return CONTROLLERS_WITH[feature] ?? "Envoy Gateway, kgateway, Istio and Cilium";
}
