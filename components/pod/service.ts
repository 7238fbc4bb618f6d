import type { types } from "@pulumi/kubernetes";
import type { Protocol } from "../../config/settings/container";
import { SERVICE_PORT } from "../../fleet/objects";
import { selectorLabels } from "../../fleet/owner";

/** HTTP/2 without TLS. @see https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol */
const H2C = "kubernetes.io/h2c";

/** The annotation by which Traefik's Ingress says it, which looks at no `appProtocol`. Its Gateway does. */
const TRAEFIK_SCHEME = { "traefik.ingress.kubernetes.io/service.serversscheme": "h2c" };

/** What a Service leads to. */
interface ServiceArgs {
  /** Value of `app.kubernetes.io/name` of its pods. */
  readonly name: string;
  readonly stack: string;
  /** @default that of a model without variants */
  readonly variant?: string;
  readonly protocol: Protocol;
}

/** Annotations of the Service that say what its pods speak. */
export function protocolAnnotations(protocol: Protocol): Readonly<Record<string, string>> {
  return protocol === "grpc" ? TRAEFIK_SCHEME : {};
}

/** The spec of the Service for the pods of a variant: port 80, named `http`, only inside the cluster. */
export function serviceSpec({
  name,
  stack,
  variant,
  protocol,
}: ServiceArgs): types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector: selectorLabels(name, stack, variant),
    ports: [{ ...SERVICE_PORT, targetPort: "http", ...(protocol === "grpc" && { appProtocol: H2C }) }],
  };
}
