import type { PodDemand } from "../../config/questions";
import { isExtended } from "../../config/resources";
import { compareQuantities, problemOfQuantity } from "../../fleet/quantity";
import { nearest } from "../../lib/nearest";
import type { NodeObject } from "../cluster-facts";
import type { Finding, Plan } from "../finding";
import type { Snapshot } from "../snapshot";

/** How many reasons a message has. */
const NAMED = 4;

/** Taints of nodes with a condition that passes, such as a node that is not ready. */
const PASSING = "node.kubernetes.io/";

/**
 * Refuses pods that fit no node of the cluster: they would wait for one in silence. Whether a node has room now is the
 * scheduler's to say. A cluster that adds nodes may add one that fits, so there it is a warning.
 */
export function unplaceable(
  { demands = [], nodeAutoscaling = false }: Pick<Plan, "demands" | "nodeAutoscaling">,
  { nodes = [] }: Pick<Snapshot, "nodes">,
): Finding[] {
  if (nodes.length === 0) return [];
  return demands.flatMap((demand): Finding[] => {
    if (nodes.some((node) => whyNot(demand, node) === undefined)) return [];
    const reasons = nodes.flatMap((node) => whyNot(demand, node) ?? []);
    const level = nodeAutoscaling ? "warning" : "error";
    return [{ level, text: textOf(demand, reasons, nodes) }];
  });
}

/** Why a node cannot run a pod: the first reason; undefined if it can. */
function whyNot(
  demand: PodDemand,
  { metadata = {}, spec = {}, status = {} }: NodeObject,
): string | undefined {
  const { labels = {}, name = "" } = metadata;
  const label = Object.entries(demand.nodeSelector).find(([key, value]) => labels[key] !== value);
  if (label !== undefined) return `no label ${label.join("=")}`;
  if (demand.terms?.some((term) => meets(term, labels, name)) === false)
    return "excluded by affinity.nodeAffinity";
  const taint = (spec.taints ?? []).find((one) => isInTheWay(one, demand));
  if (taint !== undefined)
    return `the taint ${taint.key ?? ""}${taint.value ? `=${taint.value}` : ""}:${taint.effect ?? ""}`;
  const lacking = Object.entries(demand.requests).find(([resource, amount]) => {
    const there = status.allocatable?.[resource] ?? "0";
    return problemOfQuantity(there) === undefined && compareQuantities(there, amount) < 0;
  });
  if (lacking === undefined) return undefined;
  const [resource, amount] = lacking;
  const there = status.allocatable?.[resource] ?? "0";
  return there === "0" ? `no ${resource}` : `${there} of ${resource}, and a pod needs ${amount}`;
}

type Taint = NonNullable<NonNullable<NodeObject["spec"]>["taints"]>[number];

function isInTheWay({ key = "", value = "", effect }: Taint, { tolerations }: PodDemand): boolean {
  if (effect === "PreferNoSchedule" || key.startsWith(PASSING)) return false;
  return !tolerations.some(
    (one) =>
      (one.effect === undefined || one.effect === effect) &&
      (one.key === undefined || one.key === key) &&
      (one.operator === "Exists" || (one.value ?? "") === value),
  );
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#NodeSelectorRequirement */
function meets(
  { matchExpressions = [], matchFields = [] }: NonNullable<PodDemand["terms"]>[number],
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const isMet = (value: string | undefined, operator: string, values: readonly string[]): boolean => {
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    if (operator === "NotIn") return value === undefined || !values.includes(value);
    if (value === undefined) return false;
    if (operator === "Gt") return Number(value) > Number(values[0]);
    return operator === "Lt" ? Number(value) < Number(values[0]) : values.includes(value);
  };
  return (
    matchExpressions.every(({ key, operator, values = [] }) => isMet(labels[key], operator, values)) &&
    matchFields.every(({ operator, values }) => isMet(name, operator, values))
  );
}

function textOf(
  { path, requests }: PodDemand,
  reasons: readonly string[],
  nodes: readonly NodeObject[],
): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const parts = sorted
    .slice(0, NAMED)
    .map(([reason, count]) => `${count} ${count === 1 ? "node" : "nodes"}: ${reason}`);
  const more = sorted.length > NAMED ? "; and others" : "";
  return `${path}: no node of the cluster can run its pods (${parts.join("; ")}${more}); ${fixOf(requests, nodes)}`;
}

/** A resource that no node has may be a mistake in its name. */
function fixOf(requests: PodDemand["requests"], nodes: readonly NodeObject[]): string {
  const known = new Set(nodes.flatMap(({ status }) => Object.keys(status?.allocatable ?? {})));
  const unknown = Object.keys(requests).find((resource) => isExtended(resource) && !known.has(resource));
  const near = unknown === undefined ? undefined : nearest(unknown, [...known].filter(isExtended));
  if (near !== undefined) return `did you mean "${near}"?`;
  return "change what the model asks for, or add such a node; if the cluster adds nodes by itself, set nodeAutoscaling to true";
}
