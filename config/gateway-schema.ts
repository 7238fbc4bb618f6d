import { z } from "zod";
import { annotations, dnsName, NAMESPACE, NAMESPACE_RULE, setting, text } from "./rules";

const portRule = z.int().min(1).max(65535);

/** The Gateway of a fleet whose models are routed by HTTPRoutes. */
export const gateway = z.strictObject({
  name: setting(
    dnsName("is not the name of a Gateway").optional(),
    "Gateway that the models' HTTPRoutes attach to.",
    { otherwise: "`modelfleet` with `create`, else it must be set" },
  ),
  namespace: setting(text(NAMESPACE_RULE, NAMESPACE).optional(), "Namespace of that Gateway.", {
    otherwise: "that of the fleet",
  }),
  sectionName: setting(
    dnsName("is not the name of a listener").optional(),
    "Listener of that Gateway, for a Gateway that others made.",
    { otherwise: "every listener that admits the routes" },
  ),
  create: setting(
    z.boolean().default(false),
    "Whether the fleet makes the Gateway in its own namespace: a listener for HTTP, and one for HTTPS with `routing.tls`.",
  ),
  className: setting(
    dnsName("is not the name of a GatewayClass").optional(),
    "GatewayClass of the Gateway that `create` makes.",
    { otherwise: "it must be set with `create`" },
  ),
  httpPort: setting(
    portRule.default(80),
    "Port of the HTTP listener of that Gateway. Traefik wants the port of one of its entry points.",
  ),
  httpsPort: setting(portRule.default(443), "Port of its HTTPS listener."),
  annotations: setting(
    annotations.default({}),
    "Additional annotations of that Gateway, such as the issuer of cert-manager.",
  ),
});
