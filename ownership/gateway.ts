import type { GatewaySettings } from "../config/gateway-rules";
import { pathEverywhere, pathOf } from "../fleet/objects";
import type { ObjectMeta } from "../fleet/owner";
import { type Api, unexpectedStatus } from "../kubernetes/api";
import type { GatewayName } from "./route-claims";

/** @see https://gateway-api.sigs.k8s.io/reference/api-types/gateway/ */
export interface GatewayObject {
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly gatewayClassName?: string; readonly listeners?: readonly Listener[] };
  readonly status?: {
    readonly conditions?: readonly { type?: string; status?: string; message?: string }[];
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/api-spec/main/spec/#listener */
export interface Listener {
  readonly name: string;
  readonly protocol: string;
  readonly hostname?: string;
  readonly allowedRoutes?: {
    readonly namespaces?: {
      readonly from?: string;
      readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    };
    readonly kinds?: readonly { readonly kind?: string }[];
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/api-types/gatewayclass/ */
export interface GatewayClassObject {
  readonly spec?: { readonly controllerName?: string };
  readonly status?: { readonly supportedFeatures?: readonly { readonly name: string }[] };
}

/** Nothing of the kind, or nothing that the account may see. */
type Absent = "missing" | "unreadable";

/** What the cluster has of the Gateway that the settings name. */
export interface GatewayFound {
  /** Undefined if the fleet makes it. */
  readonly gateway: GatewayObject | Absent | undefined;
  /** The name of its class; undefined if the Gateway cannot be read. */
  readonly className: string | undefined;
  readonly gatewayClass: GatewayClassObject | Absent;
  /** What there is instead of a missing one, as messages name it. */
  readonly others: readonly string[];
}

const CLASSES = "/apis/gateway.networking.k8s.io/v1/gatewayclasses";

/** The Gateway that the fleet's HTTPRoutes attach to. */
export function gatewayOfFleet({
  gateway,
  namespace,
}: {
  readonly gateway: GatewaySettings;
  readonly namespace: string;
}): GatewayName {
  return { name: gateway.name, namespace: gateway.namespace ?? namespace };
}

/** Reads the Gateway and its class, and what there is instead of either. */
export async function readGateway(
  api: Api,
  fleet: Parameters<typeof gatewayOfFleet>[0],
): Promise<GatewayFound> {
  const { create } = fleet.gateway;
  const { name, namespace } = gatewayOfFleet(fleet);
  const gateway =
    create === undefined ? await read<GatewayObject>(api, pathOf("gateway", namespace, name)) : undefined;
  if (gateway === "missing") {
    const others = (await list(api, pathEverywhere("gateway"))).map(
      ({ metadata = {} }) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`,
    );
    return { gateway, className: undefined, gatewayClass: "unreadable", others };
  }
  const className =
    create?.className ?? (typeof gateway === "object" ? gateway.spec?.gatewayClassName : undefined);
  if (className === undefined) return { gateway, className, gatewayClass: "unreadable", others: [] };
  const gatewayClass = await read<GatewayClassObject>(api, `${CLASSES}/${className}`);
  const others =
    gatewayClass === "missing"
      ? (await list(api, CLASSES)).map(({ metadata = {} }) => metadata.name ?? "")
      : [];
  return { gateway, className, gatewayClass, others };
}

async function read<T>(api: Api, path: string): Promise<T | Absent> {
  const { status, body } = await api.get(path);
  if (status === 404) return "missing";
  if (status === 403) return "unreadable";
  if (status !== 200) throw unexpectedStatus(api, `get ${path.split("/").slice(-2).join(" ")}`, status, body);
  return body as T;
}

/** For a message only: none if the account may not list them. */
async function list(api: Api, path: string): Promise<readonly { readonly metadata?: ObjectMeta }[]> {
  const { status, body } = await api.listMetadata(path);
  return status === 200 ? ((body as { items?: { metadata?: ObjectMeta }[] }).items ?? []) : [];
}
