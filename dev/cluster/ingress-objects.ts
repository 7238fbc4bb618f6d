/** Traefik's own kinds. Its provider reads none of them unless all ten exist. */
const TRAEFIK_KINDS = [
  "IngressRoute",
  "IngressRouteTCP",
  "IngressRouteUDP",
  "Middleware",
  "MiddlewareTCP",
  "ServersTransport",
  "ServersTransportTCP",
  "TLSOption",
  "TLSStore",
  "TraefikService",
];

const GATEWAY_VERSION = "gateway.networking.k8s.io/v1";

/** The namespace of the ingress controller's probes, which exist while it starts. */
export const PROBE_NAMESPACE = "modelfleet-probe";

const CLASSES = ["nginx", "traefik"];

const GATEWAY_HOST = "gateway.probe.internal";

/** The probes' host names with the status of their answers: of a Service without endpoints, and of a redirect. */
export const PROBES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(CLASSES.map((name) => [probeHost(name), 503])),
  [GATEWAY_HOST]: 302,
};

/** The IngressClasses `nginx` and `traefik`, the default, and Traefik's own kinds. */
export function ingressObjects(): object[] {
  return [
    ingressClass("nginx", "k8s.io/ingress-nginx"),
    ingressClass("traefik", "traefik.io/ingress-controller", {
      "ingressclass.kubernetes.io/is-default-class": "true",
    }),
    ...TRAEFIK_KINDS.map((kind) => openKind({ group: "traefik.io", version: "v1alpha1", kind })),
  ];
}

/** The GatewayClass `traefik`. Traefik writes what it can into its status. */
export function gatewayObjects(): object[] {
  return [
    {
      apiVersion: GATEWAY_VERSION,
      kind: "GatewayClass",
      metadata: { name: "traefik" },
      spec: { controllerName: "traefik.io/gateway-controller" },
    },
  ];
}

/**
 * One Ingress per class, for a Service without endpoints, and a Gateway with a route that redirects.
 *
 * @param port The port of the Gateway's listener.
 */
export function probeObjects(port: number): object[] {
  const metadata = { name: "probe", namespace: PROBE_NAMESPACE };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: PROBE_NAMESPACE } },
    { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 80 }] } },
    ...CLASSES.map((name) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { ...metadata, name },
      spec: {
        ingressClassName: name,
        rules: [{ host: probeHost(name), http: { paths: [probePath()] } }],
      },
    })),
    {
      apiVersion: GATEWAY_VERSION,
      kind: "Gateway",
      metadata,
      spec: { gatewayClassName: "traefik", listeners: [{ name: "http", protocol: "HTTP", port }] },
    },
    {
      apiVersion: GATEWAY_VERSION,
      kind: "HTTPRoute",
      metadata,
      spec: {
        parentRefs: [{ name: "probe" }],
        hostnames: [GATEWAY_HOST],
        rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] }],
      },
    },
  ];
}

function probeHost(className: string): string {
  return `${className}.probe.internal`;
}

function probePath(): object {
  return { path: "/", pathType: "Prefix", backend: { service: { name: "probe", port: { number: 80 } } } };
}

function ingressClass(name: string, controller: string, annotations = {}): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name, annotations },
    spec: { controller },
  };
}

/** The names of a kind whose schema does not matter. */
export interface OpenKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** @default the kind in lower case with an "s" */
  readonly plural?: string;
}

/**
 * A kind without its controller's schema, of which Traefik's ten have 250 kB. The API server accepts every field, and the
 * controller logs those that it cannot use.
 */
export function openKind({ group, version, kind, plural = `${kind.toLowerCase()}s` }: OpenKind): object {
  const singular = kind.toLowerCase();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular },
      scope: "Namespaced",
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          subresources: { status: {} },
        },
      ],
    },
  };
}
