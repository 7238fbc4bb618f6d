import { type Kind, KINDS, type ObjectName, pathEverywhere, pathOf } from "../fleet/objects";
import { isOwn, type ObjectMeta } from "../fleet/owner";
import { type Answer, type Api, unexpectedStatus } from "../kubernetes/api";
import type { OwnershipArgs } from "./finding";
import { type GatewayFound, readGateway } from "./gateway";
import type { LastUpdate } from "./last-update";
import { type Readiness, readReadiness } from "./readiness";
import type { HttpRouteObject } from "./route-claims";

/** An object of the namespace. */
export interface Existing {
  readonly kind: Kind;
  /** As `adopt` names it: `kind/name`. */
  readonly object: ObjectName;
  readonly metadata: ObjectMeta;
}

/** What an update watches until a Deployment is ready: it would wait in silence for a list that it may not have. */
const WATCHED = [
  ["pods", "/api/v1"],
  ["persistentvolumeclaims", "/api/v1"],
  ["replicasets.apps", "/apis/apps/v1"],
] as const;

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
export interface Snapshot {
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
    !args.isPreview && kinds.includes("deployment") && reader.watched(args.namespace),
  ]);
  const foreign = (objects.objects.get("deployment") ?? [])
    .filter(({ object, metadata }) => args.adopt.includes(object) && !isOwn(metadata, args.stack))
    .map(({ metadata }) => metadata.name ?? "");
  const hasGateway = kinds.includes("httproute") && !objects.unknownKinds.has("httproute");
  const [selectors, gateway, readiness] = await Promise.all([
    reader.selectors(foreign, args.namespace),
    hasGateway ? readGateway(api, args) : undefined,
    readReadiness(api, args, before.last),
  ]);
  const { forbidden, user } = reader;
  return {
    ...{ server: api.server, clusterId, namespace, ...objects, selectors, ...before, gateway, readiness },
    ...{ ingresses: ingresses.items, seesAllIngresses: ingresses.seesAll },
    ...{ httpRoutes: httpRoutes.items, seesAllHttpRoutes: httpRoutes.seesAll },
    ...{ forbidden: [...forbidden].sort(), user },
  };
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

/** Sends the requests, and notes what the account may not do. */
class Reader {
  readonly forbidden = new Set<string>();
  user: string | undefined;

  constructor(private readonly api: Api) {}

  async namespace(name: string): Promise<Snapshot["namespace"]> {
    const what = `get namespace ${name}`;
    const { status, body } = await this.api.get(`/api/v1/namespaces/${name}`);
    if (status === 404) return "missing";
    if (status === 403) return "unreadable";
    if (status !== 200) throw unexpectedStatus(this.api, what, status, body);
    return body as NamespaceObject;
  }

  async clusterId(isNeeded: boolean): Promise<string | undefined> {
    const { status, body } = await this.api.get("/api/v1/namespaces/kube-system");
    if (status === 403 && isNeeded) this.note("get namespace kube-system", body);
    return status === 200 ? (body as NamespaceObject).metadata?.uid : undefined;
  }

  async objects(
    kinds: readonly Kind[],
    namespace: string,
  ): Promise<Pick<Snapshot, "objects" | "unknownKinds">> {
    const unknownKinds = new Set<Kind>();
    const lists = await Promise.all(
      kinds.map(async (kind) => [kind, await this.objectsOf(kind, namespace, unknownKinds)] as const),
    );
    return { objects: new Map(lists.flatMap(([kind, list]) => (list ? [[kind, list]] : []))), unknownKinds };
  }

  /** The objects of a kind, their metadata only; undefined if the account may not list them. */
  async objectsOf(
    kind: Kind,
    namespace: string,
    unknown = new Set<Kind>(),
  ): Promise<readonly Existing[] | undefined> {
    const what = `list ${resourceOf(kind)} in namespace ${namespace}`;
    const answer = await this.api.listMetadata(pathOf(kind, namespace));
    if (answer.status === 404) unknown.add(kind);
    const items = this.itemsOf<{ metadata?: ObjectMeta }>(what, answer);
    return items?.map(({ metadata = {} }) => ({ kind, object: `${kind}/${metadata.name ?? ""}`, metadata }));
  }

  /**
   * Objects of all namespaces if the account may list them there.
   *
   * @param isNeeded Whether a missing right matters. Otherwise only the fleet's own objects are of interest.
   */
  async everywhere<T>(
    kind: "ingress" | "httproute",
    namespace: string,
    isNeeded: boolean,
  ): Promise<{ readonly items: readonly T[]; readonly seesAll: boolean }> {
    const { plural } = KINDS[kind];
    if (isNeeded) {
      const everywhere = await this.api.get(pathEverywhere(kind));
      const what = `list ${plural} in all namespaces`;
      if (everywhere.status !== 403) return { items: this.itemsOf<T>(what, everywhere) ?? [], seesAll: true };
    }
    const here = await this.api.get(pathOf(kind, namespace));
    if (!isNeeded && here.status === 403) return { items: [], seesAll: true };
    const what = `list ${resourceOf(kind)} in namespace ${namespace}`;
    return { items: this.itemsOf<T>(what, here) ?? [], seesAll: !isNeeded };
  }

  async selectors(names: readonly string[], namespace: string): Promise<ReadonlyMap<string, unknown>> {
    const found = await Promise.all(
      names.map(async (name): Promise<[string, unknown][]> => {
        const { status, body } = await this.api.get(pathOf("deployment", namespace, name));
        // Deleted since it was listed.
        if (status === 404) return [];
        const what = `get deployment ${name} in namespace ${namespace}`;
        if (status !== 200) throw unexpectedStatus(this.api, what, status, body);
        return [[name, (body as { spec?: { selector?: unknown } }).spec?.selector]];
      }),
    );
    return new Map(found.flat());
  }

  /** Notes what of {@link WATCHED} the account may not list. */
  async watched(namespace: string): Promise<void> {
    await Promise.all(
      WATCHED.map(async ([resource, group]) => {
        const [plural = ""] = resource.split(".");
        const answer = await this.api.listMetadata(`${group}/namespaces/${namespace}/${plural}?limit=1`);
        this.itemsOf(`list ${resource} in namespace ${namespace}`, answer);
      }),
    );
  }

  private itemsOf<Item>(what: string, { status, body }: Answer): readonly Item[] | undefined {
    if (status === 404) return [];
    if (status === 403) return this.note(what, body);
    if (status !== 200) throw unexpectedStatus(this.api, what, status, body);
    return (body as { items?: readonly Item[] }).items ?? [];
  }

  private note(what: string, body: unknown): undefined {
    this.forbidden.add(what);
    this.user ??= /User "([^"]+)"/.exec((body as { message?: string }).message ?? "")?.[1];
  }
}

/** As in a Role's rules: `deployments.apps`. */
function resourceOf(kind: Kind): string {
  const { apiVersion, plural } = KINDS[kind];
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
  return `${plural}${group}`;
}
