import { type Needed, type NeededKind, neededPath } from "../fleet/needed";
import { type Api, unexpectedStatus } from "../kubernetes/api";

/** The names of the objects of each kind that settings name; a kind is missing if the account may not list it. */
export type NeededFound = ReadonlyMap<NeededKind, ReadonlySet<string>>;

/**
 * Lists the kinds of which the fleet needs objects, by their metadata only.
 *
 * @throws UserError if the cluster answers otherwise than with yes, no or forbidden
 */
export async function readNeeded(
  api: Api,
  { needed = [], namespace }: { readonly needed?: readonly Needed[]; readonly namespace: string },
): Promise<NeededFound> {
  const kinds = [...new Set(needed.map(({ kind }) => kind))];
  const lists = await Promise.all(
    kinds.map(async (kind): Promise<[NeededKind, Set<string>][]> => {
      const { status, body } = await api.listMetadata(neededPath(kind, namespace));
      if (status === 403) return [];
      if (status === 404) return [[kind, new Set()]];
      if (status !== 200) throw unexpectedStatus(api, `list ${kind}s`, status, body);
      const { items = [] } = body as { readonly items?: readonly { metadata?: { name?: string } }[] };
      return [[kind, new Set(items.map(({ metadata }) => metadata?.name ?? ""))]];
    }),
  );
  return new Map(lists.flat());
}
