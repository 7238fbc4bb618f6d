import { redirectsToHttps } from "../../config/gateway-rules";
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
  HTTPRouteCORS: "Envoy Gateway, kgateway, Istio and Cilium",
  HTTPRouteRequestTimeout: "Envoy Gateway, kgateway, Istio, Cilium and Contour",
  HTTPRoutePathRewrite: "Traefik, Envoy Gateway, kgateway, Istio, Cilium and NGINX Gateway Fabric",
  HTTPRouteSchemeRedirect: "Traefik, Envoy Gateway, kgateway, Istio and Cilium",
  HTTPRoutePortRedirect: "Traefik, Envoy Gateway, kgateway, Istio and Cilium",
};

/** What decides which features a fleet needs. */
export interface Needing {
  readonly gateway: Fleet["gateway"];
  readonly models: readonly {
    readonly id: string;
    readonly route?: { readonly timeoutSeconds?: number | undefined };
    readonly challengers?: readonly {
      readonly variant: string;
      readonly mirrorPercent?: number | undefined;
    }[];
  }[];
  readonly routing: {
    readonly timeoutSeconds?: number | undefined;
    readonly cors?: object | undefined;
    readonly tls?: { readonly redirect?: boolean } | undefined;
  };
}

/** What the fleet's HTTPRoutes need beyond the core of the Gateway API; the first setting that needs it is named. */
export function neededFeatures({ models, gateway, routing }: Needing): NeededFeature[] {
  const need = (setting: string, fix: string, ...features: string[]) =>
    features.map((feature) => ({ feature, setting, fix }));
  const all = [
    ...(models.length > 0 ? need("routing.flavour", "set it to ingress", "HTTPRoutePathRewrite") : []),
    ...(redirectsToHttps({ gateway, routing })
      ? need("routing.tls.redirect", "set it to false", "HTTPRouteSchemeRedirect", "HTTPRoutePortRedirect")
      : []),
    ...(routing.timeoutSeconds === undefined
      ? []
      : need("routing.timeoutSeconds", "remove it", "HTTPRouteRequestTimeout")),
    ...(routing.cors === undefined ? [] : need("routing.cors", "remove it", "HTTPRouteCORS")),
    ...models.flatMap(({ id, route, challengers = [] }) => [
      ...(route?.timeoutSeconds === undefined
        ? []
        : need(`catalog.${id}.route.timeoutSeconds`, "remove it", "HTTPRouteRequestTimeout")),
      ...mirrors(challengers).flatMap(({ variant, percent, isSecond }) =>
        need(
          `catalog.${id}.variants.${variant}.mirrorPercent`,
          "remove it",
          "HTTPRouteRequestMirror",
          ...(percent < 100 ? ["HTTPRouteRequestPercentageMirror"] : []),
          ...(isSecond ? ["HTTPRouteRequestMultipleMirrors"] : []),
        ),
      ),
    ]),
  ];
  return all.filter(({ feature }, index) => all.findIndex((one) => one.feature === feature) === index);
}

function mirrors(challengers: NonNullable<Needing["models"][number]["challengers"]>) {
  return challengers
    .flatMap(({ variant, mirrorPercent = 0 }) =>
      mirrorPercent > 0 ? [{ variant, percent: mirrorPercent }] : [],
    )
    .map((one, index) => ({ ...one, isSecond: index === 1 }));
}

/** Controllers that have a feature, for a message. */
export function controllersWith(feature: string): string {
  return CONTROLLERS_WITH[feature] ?? "Envoy Gateway, kgateway, Istio and Cilium";
}
