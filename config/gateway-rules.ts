import { FLEET_NAMES } from "../fleet/names";
import type { FleetSettings } from "./fleet-schema";
import { problem, type Problem } from "./problem";

/** The Gateway that HTTPRoutes attach to, and what the fleet makes of it. */
export interface GatewaySettings {
  readonly name: string;
  /** Its namespace. @default that of the fleet */
  readonly namespace: string | undefined;
  /** The listener. @default every listener that admits the routes */
  readonly sectionName: string | undefined;
  /** How the fleet makes the Gateway. @default somebody else has made it */
  readonly create:
    | {
        readonly className: string;
        readonly httpPort: number;
        readonly httpsPort: number;
        readonly annotations: Readonly<Record<string, string>>;
      }
    | undefined;
}

type Settings = Pick<FleetSettings, "gateway" | "routing" | "namespace">;

/** The Gateway with what follows from other settings; its problems are those of {@link problemsOfGateway}. */
export function gatewayOf({ gateway, namespace }: Settings): GatewaySettings {
  const { name = FLEET_NAMES.gateway, sectionName, className = "", ...rest } = gateway;
  const { httpPort, httpsPort, annotations } = rest;
  return {
    name,
    namespace: gateway.namespace === namespace ? undefined : gateway.namespace,
    sectionName,
    create: gateway.create ? { className, httpPort, httpsPort, annotations } : undefined,
  };
}

/** Whether the fleet's models are routed by HTTPRoutes, perhaps beside an Ingress. */
export function usesGateway({ flavour }: Pick<FleetSettings["routing"], "flavour">): boolean {
  return flavour !== "ingress";
}

/** Whether the fleet has an Ingress, perhaps beside HTTPRoutes. */
export function usesIngress({ flavour }: Pick<FleetSettings["routing"], "flavour">): boolean {
  return flavour !== "gateway";
}

/** Whether the fleet's own Gateway redirects requests to HTTPS. */
export function redirectsToHttps({
  gateway,
  routing,
}: {
  readonly gateway: Pick<GatewaySettings, "create">;
  readonly routing: { readonly tls?: { readonly redirect?: boolean } | undefined };
}): boolean {
  return gateway.create !== undefined && routing.tls?.redirect === true;
}

/** Settings of a Gateway are checked only if it is used: the flavour alone switches between the two. */
export function problemsOfGateway({ routing, gateway, namespace }: Settings): Problem[] {
  if (!usesGateway(routing)) return [];
  const { maxBodySize } = routing;
  const rule = "is a limit that the Gateway API does not have";
  const fix = "remove it, and set the controller's own policy, such as with route.annotations";
  return [
    ...(gateway.create
      ? problemsOfOwn(gateway, namespace, routing.tls)
      : problemsOfForeign(gateway, routing)),
    ...(maxBodySize === undefined ? [] : [problem("routing.maxBodySize", maxBodySize, rule, fix)]),
  ];
}

/** What only HTTPRoutes have: a model's own limit, and CORS. */
export function problemsOfRoutes(
  routing: Pick<FleetSettings["routing"], "flavour" | "cors">,
  models: readonly {
    readonly id: string;
    readonly route?: { readonly timeoutSeconds?: number | undefined };
  }[],
): Problem[] {
  if (!usesIngress(routing)) return [];
  const { flavour, cors } = routing;
  const needsRoutes = `needs HTTPRoutes, and routing.flavour is ${flavour}`;
  const annotate =
    "set routing.flavour to gateway, or remove it and annotate the Ingress with ingress.annotations";
  const ofCors = cors === undefined ? [] : [problem("routing.cors", undefined, needsRoutes, annotate)];
  const limits = models.flatMap(({ id, route: { timeoutSeconds } = {} }) => {
    if (timeoutSeconds === undefined) return [];
    const rule = `is a limit of a single model, which an Ingress does not have, and routing.flavour is ${flavour}`;
    const fix = "set routing.timeoutSeconds for all models, or routing.flavour to gateway";
    return [problem(`catalog.${id}.route.timeoutSeconds`, timeoutSeconds, rule, fix)];
  });
  return [...ofCors, ...limits];
}

/** A Gateway that the fleet makes. */
function problemsOfOwn(
  { className, namespace, sectionName }: Settings["gateway"],
  fleetNamespace: string,
  tls: Settings["routing"]["tls"],
): Problem[] {
  const remove = "remove one of the two";
  const found: (Problem | false)[] = [
    className === undefined &&
      problem(
        "gateway.className",
        undefined,
        "is missing, and gateway.create needs it",
        "name a GatewayClass: `kubectl get gatewayclasses`",
      ),
    namespace !== undefined &&
      namespace !== fleetNamespace &&
      problem(
        "gateway.namespace",
        namespace,
        "is another namespace than the fleet's, in which gateway.create makes it",
        remove,
      ),
    sectionName !== undefined &&
      problem(
        "gateway.sectionName",
        sectionName,
        "is for a Gateway that others made, and gateway.create is set",
        remove,
      ),
    tls !== undefined &&
      tls.secretName === undefined &&
      problem(
        "routing.tls.secretName",
        undefined,
        "is missing: the HTTPS listener of the fleet's Gateway needs a certificate",
        "name the Secret, which cert-manager makes if gateway.annotations names an issuer",
      ),
  ];
  return found.filter((one) => one !== false);
}

/** A Gateway of others: its listeners end HTTPS, and only its owner can redirect to them. */
function problemsOfForeign({ name }: Settings["gateway"], { flavour, tls }: Settings["routing"]): Problem[] {
  const rule = "belongs to the Gateway, which gateway.create does not make";
  const found: (Problem | false)[] = [
    name === undefined &&
      problem(
        "gateway.name",
        undefined,
        `is missing, and routing.flavour is ${flavour}`,
        "name the Gateway that the models' routes attach to, or let the fleet make one: gateway.create and gateway.className",
      ),
    tls?.secretName !== undefined &&
      problem(
        "routing.tls.secretName",
        tls.secretName,
        rule,
        "remove it: the Gateway's HTTPS listener has a certificate",
      ),
    tls?.redirect === true &&
      problem(
        "routing.tls.redirect",
        true,
        rule,
        "set it to false: whoever made the Gateway redirects its HTTP listener",
      ),
  ];
  return found.filter((one) => one !== false);
}
