import { type Kind, KINDS, pathEverywhere, pathOf } from "../fleet/objects";
import type { ObjectMeta } from "../fleet/owner";
import { type Answer, type Api, unexpectedStatus } from "../kubernetes/api";
import type { Existing, NamespaceObject, Snapshot } from "./snapshot";

/** What tells why a model is not ready, and which Secrets are in use. */
const LOOKED_AT = [
  ["pods", "/api/v1"],
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

  /** Notes which rights are missing for the wait until the pods are ready, and for what tells why they are not. */
  async rightsOfWait(namespace: string): Promise<void> {
    const lists = LOOKED_AT.map(async ([resource, group]) => {
      const [plural = ""] = resource.split(".");
      const answer = await this.api.listMetadata(`${group}/namespaces/${namespace}/${plural}?limit=1`);
      this.itemsOf(`list ${resource} in namespace ${namespace}`, answer);
    });
    await Promise.all([this.mayWatch(namespace), ...lists]);
  }

  private async mayWatch(namespace: string): Promise<void> {
    // Of no object, and not for long: the answer says whether it may be.
    const query = new URLSearchParams({ watch: "1", timeoutSeconds: "1", fieldSelector: "metadata.name=-" });
    const end = new AbortController();
    const { status, body } = await this.api.getStream(
      `${pathOf("deployment", namespace)}?${query.toString()}`,
      end.signal,
    );
    if (status === 403) this.note(`watch ${resourceOf("deployment")} in namespace ${namespace}`, body);
    end.abort();
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
