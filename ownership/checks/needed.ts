import { isClusterWide, type Needed, NEEDED_KINDS } from "../../fleet/needed";
import { nearest } from "../../lib/nearest";
import type { Finding, Plan } from "../finding";
import { withOthers } from "../planned";
import type { Snapshot } from "../snapshot";

/**
 * Refuses settings that name objects of others that do not exist: their pods would wait for them in silence. In a
 * namespace that is yet to be made nothing can exist, so there it is a warning.
 */
export function missingNeeded(
  { needed = [], namespace }: Pick<Plan, "needed" | "namespace">,
  { needed: found, namespace: state }: Pick<Snapshot, "needed" | "namespace">,
): Finding[] {
  // The fleet's own namespace is there once it is needed.
  const others = needed.filter(({ kind, name }) => kind !== "namespace" || name !== namespace);
  const missing = others.filter(({ kind, name }) => found.get(kind)?.has(name) === false);
  const isSame = (one: Needed, other: Needed) => one.kind === other.kind && one.name === other.name;
  return missing.flatMap((one, index) => {
    if (missing.findIndex((other) => isSame(one, other)) < index) return [];
    const more = missing.filter((other) => isSame(one, other)).length - 1;
    const level = state === "missing" && !isClusterWide(one.kind) ? "warning" : "error";
    return [{ level, text: textOf(one, more, namespace, [...(found.get(one.kind) ?? [])]) }];
  });
}

function textOf(one: Needed, others: number, namespace: string, existing: readonly string[]): string {
  const { kind, name, path } = one;
  const place = isClusterWide(one.kind)
    ? "the cluster has none"
    : `there is none in namespace "${namespace}"`;
  const near = nearest(name, existing);
  const fix = near === undefined ? "create it first" : `did you mean "${near}"? Else create it first`;
  return `${withOthers(path, others)}: names the ${NEEDED_KINDS[kind].kind} "${name}", and ${place}; ${fix}`;
}
