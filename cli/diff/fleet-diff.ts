import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { type Drift, driftOf } from "./drift";
import { podsOf } from "./pods";
import { pathsOf, type RouteChange, routingWords } from "./routes";
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
    const hasSecret = group.some(({ name }) => name.endsWith(".version"));
    return {
      id,
      kind,
      words: [...newWords(group), ...(hasSecret ? ["secret variables"] : []), ...(route?.new ?? [])],
    };
  }
  // The restart is what the other words lead to.
  const words = unique([...[...deploymentsOf(group), ...others(group)].flatMap(wordsOf), ...routed]);
  const last = words.filter((word) => word.startsWith("restarts "));
  const before = words.filter((word) => !word.startsWith("restarts "));
  return words.length === 0 ? undefined : { id, kind: "changed", words: [...before, ...last] };
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
  const pods = deploymentsOf(group).reduce(
    (sum, { old }) => sum + (old ? podsOf(old.inputs).replicas : 0),
    0,
  );
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
