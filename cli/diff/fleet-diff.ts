import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { DEFAULT_VARIANT } from "../../fleet/names";
import { type Drift, driftOf } from "./drift";
import { podsOf } from "./pods";
import { HTTP_ROUTE, pathsOf, type RouteChange, routingWords, variantOf } from "./routes";
import { type Owner, type Step, stepsOf } from "./steps";
import { DEPLOYMENT, type Totals, totalsOf } from "./totals";
import { count, newPodsWords, wordsOf } from "./words";

/** What happens to a model, or to something that belongs to the fleet. */
export interface Change {
  /** The model's ID, or a name such as `Ingress`, `default backend`, `Namespace models`. */
  readonly id: string;
  readonly kind: ChangeKind;
  /** Short phrases, such as `image 1.4 -> 1.5`, without secret values. */
  readonly words: readonly string[];
}
export type ChangeKind = "deleted" | "changed" | "added";

/** What an update would do with a fleet. */
export interface FleetDiff {
  /** Deleted models first, then changed, then added ones; by ID. Unchanged models are left out. */
  readonly models: readonly Change[];
  /** The fleet's own objects, in the same order. */
  readonly fleet: readonly Change[];
  /** What all pods request together. */
  readonly totals: { readonly before: Totals; readonly after: Totals };
  /** What the cluster has other than the last update left it; empty without a refresh. */
  readonly drift: readonly Drift[];
}

const KINDS: readonly ChangeKind[] = ["deleted", "changed", "added"];

/** The change that the events of a preview tell. */
export function fleetDiff(events: readonly EngineEvent[]): FleetDiff {
  const steps = stepsOf(events);
  const routes = pathsOf(steps);
  const changes = groupsOf(steps).flatMap((group) => {
    const [first] = group;
    if (first === undefined || /^pulumi:(pulumi:Stack|providers:pulumi)$/.test(first.owner.type)) return [];
    const isModel = first.owner.type === MODEL;
    const change = isModel ? modelChange(group, routes.get(first.owner.name)) : fleetChange(group);
    return change === undefined ? [] : [{ isModel, change }];
  });
  const sorted = (models: boolean) =>
    changes.flatMap(({ isModel, change }) => (isModel === models ? [change] : [])).sort(compare);
  return { models: sorted(true), fleet: sorted(false), totals: totalsOf(steps), drift: driftOf(events) };
}

/** Whether an update would change nothing, and the cluster is as the last one left it. */
export function isEmpty({ models, fleet, drift }: FleetDiff): boolean {
  return models.length + fleet.length + drift.length === 0;
}

const MODEL = "modelfleet:serving:ModelService";

/** The fleet's own things by the type of their component or object. */
const OWN_NAMES: Readonly<Record<string, (name: string) => string>> = {
  "modelfleet:serving:DefaultBackend": () => "default backend",
  "modelfleet:serving:ModelIngress": () => "Ingress",
  "kubernetes:core/v1:Secret": () => "pull Secret",
  "pulumi:providers:kubernetes": () => "connection to the cluster",
};

function ownName({ type, name }: Owner): string {
  return OWN_NAMES[type]?.(name) ?? `${type.split(":").at(-1)} ${name}`;
}

/** The steps by owner. */
function groupsOf(steps: readonly Step[]): Step[][] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    // A Secret and its version belong together.
    const key = `${step.owner.type} ${step.owner.name.replace(/\.version$/, "")}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()];
}

function modelChange(group: readonly Step[], route: RouteChange | undefined): Change | undefined {
  const id = group[0]?.owner.name ?? "";
  const kind = kindOf(group.filter(({ type }) => type === MODEL));
  const routed = routingWords(route);
  if (kind === "deleted") return { id, kind, words: [...routed, ...podsThatStop(group)] };
  if (kind === "added") {
    const all = variantsIn(group);
    const words = all.length > 1 ? all.flatMap(variantWords) : addedWords(group);
    return { id, kind, words: [...words, ...Object.keys(route?.new ?? {})] };
  }
  const words = [...variantsIn(group).flatMap(variantWords), ...routed];
  const all = words.length > 0 ? words : routeWords(group);
  // The restart is what the other words lead to.
  const last = all.filter((word) => word.startsWith("restarts "));
  const before = all.filter((word) => !word.startsWith("restarts "));
  return all.length === 0 ? undefined : { id, kind: "changed", words: [...before, ...last] };
}

/** The steps of one variant of a model. */
interface VariantSteps {
  readonly variant: string;
  readonly steps: readonly Step[];
  /** Whether the model has further variants, so that words need its name. */
  readonly isNamed: boolean;
}

function variantsIn(group: readonly Step[]): VariantSteps[] {
  const own = group.filter(({ type }) => type !== MODEL && type !== HTTP_ROUTE);
  const names = [...new Set(own.map(variantOf))].sort();
  return names.map((variant) => ({
    variant,
    steps: own.filter((step) => variantOf(step) === variant),
    isNamed: names.some((name) => name !== DEFAULT_VARIANT),
  }));
}

function variantWords({ variant, steps, isNamed }: VariantSteps): string[] {
  const kind = kindOf(deploymentsOf(steps));
  const named = (text: string, words: readonly string[]) =>
    `variant ${variant}${text}${words.length > 0 ? ` (${words.join(", ")})` : ""}`;
  if (isNamed && kind === "added") return [named(" added", addedWords(steps))];
  if (isNamed && kind === "deleted") return [named(" goes", podsThatStop(steps))];
  const words = unique([...deploymentsOf(steps), ...others(steps)].flatMap(wordsOf));
  return isNamed && words.length > 0 ? [named("", words)] : words;
}

function addedWords(steps: readonly Step[]): string[] {
  const hasSecret = steps.some(({ name }) => name.endsWith(".version"));
  return [...newWords(steps), ...(hasSecret ? ["secret variables"] : [])];
}

/** What happens to a model's HTTPRoute, if its paths and shares stay. */
function routeWords(group: readonly Step[]): string[] {
  const words = { create: "HTTPRoute added", delete: "its HTTPRoute goes", same: undefined } as const;
  return group
    .filter(({ type }) => type === HTTP_ROUTE)
    .flatMap(({ op }) => (op in words ? (words[op as keyof typeof words] ?? []) : "its HTTPRoute changes"));
}

function fleetChange(group: readonly Step[]): Change | undefined {
  const id = ownName(group[0]?.owner ?? { type: "", name: "" });
  const kind = kindOf(group);
  if (kind === undefined) return undefined;
  if (kind === "deleted") return { id, kind, words: podsThatStop(group) };
  if (kind === "added") {
    const credentials = group.filter(({ name }) => name.endsWith(".version"));
    return { id, kind, words: [...newWords(group), ...credentials.flatMap(wordsOf)] };
  }
  const words = unique(group.flatMap(wordsOf));
  return words.length === 0 ? undefined : { id, kind, words };
}

/** Added if all is created, deleted if all is deleted; undefined if all stays as it is. */
function kindOf(group: readonly Step[]): ChangeKind | undefined {
  const ops = new Set(group.map(({ op }) => op));
  if (ops.size === 0 || (ops.size === 1 && ops.has("same"))) return undefined;
  if (ops.size > 1) return "changed";
  return ops.has("create") ? "added" : ops.has("delete") ? "deleted" : "changed";
}

function newWords(group: readonly Step[]): string[] {
  return deploymentsOf(group).flatMap((step) => (step.new ? newPodsWords(podsOf(step.new.inputs)) : []));
}

function podsThatStop(group: readonly Step[]): string[] {
  const stopping = deploymentsOf(group).flatMap(({ old }) => (old ? [podsOf(old.inputs)] : []));
  if (stopping.some(({ autoscaled }) => autoscaled !== undefined)) return ["its pods stop"];
  const pods = stopping.reduce((sum, { replicas }) => sum + replicas, 0);
  return pods === 0 ? [] : [`${count(pods)} ${pods === 1 ? "stops" : "stop"}`];
}

function deploymentsOf(group: readonly Step[]): Step[] {
  return group.filter(({ type }) => type === DEPLOYMENT);
}

function others(group: readonly Step[]): Step[] {
  return group.filter(({ type }) => type !== DEPLOYMENT);
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}

function compare(a: Change, b: Change): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.id < b.id ? -1 : 1);
}
