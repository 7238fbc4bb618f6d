import { modelPaths } from "../fleet/names";
import { claimsOf, entryOf, overlaps } from "./claims";
import type { OwnershipArgs } from "./finding";
import type { Snapshot } from "./snapshot";

/** What decides which models take requests over. */
interface Routed extends Pick<OwnershipArgs, "adopt" | "namespace"> {
  readonly models: readonly {
    readonly id: string;
    readonly path: string;
    readonly aliases?: readonly string[];
  }[];
  readonly routing: Pick<OwnershipArgs["routing"], "host">;
}

/**
 * IDs of the models whose paths an Ingress in `adopt` routes too. The ingress controller takes one of the two Ingresses,
 * nobody knows which, so the fleet's own must wait for the pods of these models. All models, if the account may not look
 * at such an Ingress.
 */
export function modelsTakenOver(
  { adopt, namespace, models, routing: { host } }: Routed,
  { ingresses, seesAllIngresses }: Pick<Snapshot, "ingresses" | "seesAllIngresses">,
): string[] {
  const isElsewhere = (entry: string) =>
    entry.split("/").length === 3 && !entry.startsWith(`ingress/${namespace}/`);
  if (!seesAllIngresses && adopt.some(isElsewhere)) return models.map(({ id }) => id);
  const theirs = ingresses
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .filter((ingress) => adopt.includes(entryOf(ingress)))
    .flatMap(claimsOf);
  if (theirs.length === 0) return [];
  const ours = models.flatMap(({ id, ...model }) =>
    modelPaths(model).map((path) => ({ id, host, path, isExact: false })),
  );
  const shared = new Set<object>(overlaps(ours, theirs));
  return [...new Set(ours.filter((claim) => shared.has(claim)).map(({ id }) => id))];
}
