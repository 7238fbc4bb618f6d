import { type Kind, KIND_NAMES, type ObjectName, pathEverywhere, pathOf } from "../../fleet/objects";
import { isOwn, type ObjectMeta, ownerLabels, selectorOf } from "../../fleet/owner";
import { type Answer, type Api, unexpectedStatus } from "../../kubernetes/api";

/** An object in the cluster. */
export interface Found {
  readonly kind: Kind;
  readonly object: ObjectName;
  readonly namespace: string;
  readonly name: string;
  readonly metadata: ObjectMeta;
}

/** The objects of a cluster, as far as a stack is concerned. */
export interface Objects {
  /** Those that the stack made, those that are being deleted left out. */
  readonly own: readonly Found[];
  /** Every object of the fleet's kinds in the fleet's namespaces, as `kind/namespace/name`. */
  readonly existing: ReadonlySet<string>;
  /** The namespaces that were looked at; undefined if all were. */
  readonly onlyIn: readonly string[] | undefined;
}

/** The key of an object in {@link Objects.existing}. */
export function keyOf({ kind, namespace, name }: Pick<Found, "kind" | "namespace" | "name">): string {
  return `${kind}/${namespace}/${name}`;
}

/**
 * Lists the objects of the fleet's namespaces, and those with the stack's labels in all others, their metadata only.
 *
 * @throws Refused if the account may not even list the fleet's namespaces
 */
export async function readObjects(
  api: Api,
  { stack, namespaces }: { readonly stack: string; readonly namespaces: readonly string[] },
): Promise<Objects> {
  const selector = new URLSearchParams({ labelSelector: selectorOf(ownerLabels(stack)) }).toString();
  const here = await Promise.all(
    KIND_NAMES.flatMap((kind) =>
      namespaces.map(async (namespace) => {
        const answer = await api.listMetadata(pathOf(kind, namespace));
        return found(api, kind, answer, `list ${kind} objects in namespace ${namespace}`);
      }),
    ),
  );
  const everywhere = await Promise.all(
    KIND_NAMES.map(async (kind) => {
      const answer = await api.listMetadata(`${pathEverywhere(kind)}?${selector}`);
      if (answer.status === 403) return undefined;
      return found(api, kind, answer, `list ${kind} objects in all namespaces`);
    }),
  );
  const inFleet = here.flat();
  const all = new Map(
    [...everywhere.flatMap((list) => list ?? []), ...inFleet].map((one) => [keyOf(one), one]),
  );
  return {
    own: [...all.values()].filter(({ metadata }) => isOwn(metadata, stack) && !isTerminating(metadata)),
    existing: new Set(inFleet.filter(({ metadata }) => !isTerminating(metadata)).map(keyOf)),
    onlyIn: everywhere.includes(undefined) ? namespaces : undefined,
  };
}

function found(api: Api, kind: Kind, { status, body }: Answer, what: string): Found[] {
  // A kind that the cluster does not know: Middlewares without Traefik.
  if (status === 404) return [];
  if (status !== 200) throw unexpectedStatus(api, what, status, body);
  // The API server prints an empty list as null.
  const { items } = body as { readonly items?: readonly { readonly metadata?: ObjectMeta }[] | null };
  return (items ?? []).map(({ metadata = {} }) => {
    const { name = "", namespace = "" } = metadata;
    return { kind, object: `${kind}/${name}`, namespace, name, metadata };
  });
}

function isTerminating(metadata: ObjectMeta & { readonly deletionTimestamp?: string }): boolean {
  return metadata.deletionTimestamp !== undefined;
}
