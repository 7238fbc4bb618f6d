import type { Kind, ObjectName } from "../fleet/objects";
import { isOwn, type ObjectMeta } from "../fleet/owner";
import type { Api } from "../kubernetes/api";
import type { Schemas } from "../kubernetes/openapi";
import { readPods } from "./autoscalers";
import { type ClusterFacts, readFacts } from "./cluster-facts";
import type { OwnershipArgs } from "./finding";
import { type GatewayFound, readGateway } from "./gateway";
import type { LastUpdate } from "./last-update";
import { type NeededFound, readNeeded } from "./needed";
import { Reader } from "./reader";
import { type Readiness, readReadiness } from "./readiness";
import type { HttpRouteObject } from "./route-claims";
import { readSchemas } from "./schemas";

/** An object of the namespace. */
export interface Existing {
  readonly kind: Kind;
  /** As `adopt` names it: `kind/name`. */
  readonly object: ObjectName;
  readonly metadata: ObjectMeta;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/ */
export interface NamespaceObject {
  readonly metadata?: ObjectMeta & { readonly deletionTimestamp?: string; readonly finalizers?: string[] };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { type?: string; status?: string; message?: string }[];
  };
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/ */
export interface IngressObject {
  readonly metadata?: ObjectMeta & { readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: object;
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly IngressPath[] };
    }[];
  };
}

interface IngressPath {
  readonly path?: string;
  readonly pathType?: string;
  readonly backend?: { readonly service?: { readonly name?: string } };
}

/** What the cluster has, as far as the account may look: all that the checks need, read at once. */
export interface Snapshot extends ClusterFacts {
  /** The API server's URL. */
  readonly server: string;
  /** UID of the namespace kube-system, which lives as long as its cluster; undefined if the account may not read it. */
  readonly clusterId: string | undefined;
  readonly namespace: NamespaceObject | "missing" | "unreadable";
  /** The objects of the announced kinds in the fleet's namespace; a kind is missing if the account may not list it. */
  readonly objects: ReadonlyMap<Kind, readonly Existing[]>;
  /** Announced kinds that the cluster does not know. */
  readonly unknownKinds: ReadonlySet<Kind>;
  /** Selectors of Deployments that are to be taken over, by name. */
  readonly selectors: ReadonlyMap<string, unknown>;
  /** Ingresses of all namespaces, or only of the fleet's. */
  readonly ingresses: readonly IngressObject[];
  readonly seesAllIngresses: boolean;
  /** HTTPRoutes of all namespaces, or only of the fleet's. */
  readonly httpRoutes: readonly HttpRouteObject[];
  readonly seesAllHttpRoutes: boolean;
  /** The Gateway; undefined if no HTTPRoute is announced, or the cluster has no such kinds. */
  readonly gateway: GatewayFound | undefined;
  /** How many pods an autoscaler runs of models that no longer have one and do not say `replicas`, by Deployment. */
  readonly pods: ReadonlyMap<string, number>;
  /** Objects of others that the pods need. */
  readonly needed: NeededFound;
  /** The cluster's schemas of pods; undefined if no setting needs them, or the account may not read them. */
  readonly schemas: Schemas | undefined;
  readonly last: LastUpdate;
  /** Pods by Deployment, of variants that are to get requests and got none before. */
  readonly readiness: ReadonlyMap<string, Readiness>;
  /** Whether Deployments of the stack are in the namespace of its last update, if that is another one. */
  readonly runsElsewhere: boolean;
  /** Rights that the account lacks: `list secrets in namespace "models"`. */
  readonly forbidden: readonly string[];
  /** The account, as the API server names it when it refuses something. */
  readonly user: string | undefined;
}

/** What to read. */
export interface SnapshotArgs extends OwnershipArgs {
  /** The announced kinds. */
  readonly kinds: readonly Kind[];
  readonly last: Promise<LastUpdate>;
  readonly isPreview: boolean;
}

/**
 * Reads what the checks need.
 *
 * @throws NoResponse if the cluster does not answer, UserError if it answers otherwise than with yes, no or forbidden
 */
export async function readSnapshot(api: Api, args: SnapshotArgs): Promise<Snapshot> {
  const { kinds } = args;
  const reader = new Reader(api);
  const [namespace, objects, clusterId, ingresses, httpRoutes, before] = await Promise.all([
    reader.namespace(args.namespace),
    reader.objects(kinds, args.namespace),
    reader.clusterId(args.clusterId !== undefined && args.clusterId !== "any"),
    reader.everywhere<IngressObject>("ingress", args.namespace, kinds.includes("ingress")),
    reader.everywhere<HttpRouteObject>("httproute", args.namespace, kinds.includes("httproute")),
    readLast(reader, args),
    !args.isPreview && kinds.includes("deployment") && reader.rightsOfWait(args.namespace),
  ]);
  const details = await readDetails(api, reader, args, { ...objects, ...before });
  const { forbidden, user } = reader;
  return {
    ...{ server: api.server, clusterId, namespace, ...objects, ...before, ...details },
    ...{ ingresses: ingresses.items, seesAllIngresses: ingresses.seesAll },
    ...{ httpRoutes: httpRoutes.items, seesAllHttpRoutes: httpRoutes.seesAll },
    ...{ forbidden: [...forbidden].sort(), user },
  };
}

/** Reads what depends on what is there, and what only some settings ask for. */
async function readDetails(
  api: Api,
  reader: Reader,
  args: SnapshotArgs,
  found: Pick<Snapshot, "objects" | "unknownKinds" | "last">,
) {
  const foreign = (found.objects.get("deployment") ?? [])
    .filter(({ object, metadata }) => args.adopt.includes(object) && !isOwn(metadata, args.stack))
    .map(({ metadata }) => metadata.name ?? "");
  const hasGateway = args.kinds.includes("httproute") && !found.unknownKinds.has("httproute");
  const [selectors, needed, facts, pods, schemas, gateway, readiness] = await Promise.all([
    reader.selectors(foreign, args.namespace),
    readNeeded(api, args),
    readFacts(api, args),
    readPods(api, args, found),
    readSchemas(api, args),
    hasGateway ? readGateway(api, args) : undefined,
    readReadiness(api, args, found.last),
  ]);
  return { selectors, needed, ...facts, pods, schemas, gateway, readiness };
}

async function readLast(
  reader: Reader,
  { namespace, stack, last: before }: SnapshotArgs,
): Promise<Pick<Snapshot, "last" | "runsElsewhere">> {
  const last = await before;
  if (last.namespace === undefined || last.namespace === namespace) return { last, runsElsewhere: false };
  const deployments = await reader.objectsOf("deployment", last.namespace);
  // If the account may not look, the fleet is taken to run there.
  return { last, runsElsewhere: deployments?.some(({ metadata }) => isOwn(metadata, stack)) ?? true };
}
