import { type Kind, KINDS, pathEverywhere, pathOf } from "../fleet/objects";
import type { ObjectMeta } from "../fleet/owner";
import { type Answer, type Api, unexpectedStatus } from "../kubernetes/api";
import type { Existing, NamespaceObject, Snapshot } from "./snapshot";

/** What an update watches until a Deployment is ready: it would wait in silence for a list that it may not have. */
const WATCHED = [
  ["pods", "/api/v1"],
  ["persistentvolumeclaims", "/api/v1"],
  ["replicasets.apps", "/apis/apps/v1"],
] as const;

/** Sends the requests of a snapshot, and notes what the account may not do. */
export class Reader {
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
