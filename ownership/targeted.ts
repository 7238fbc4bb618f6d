/** Whether an update of some models only would do all that an update of the whole fleet does. */

import { announceTargets } from "../components/fleet";
import { type Whole, whyWhole } from "../config/applied";
import type { LoadedFleet } from "../config/load";
import type { Announcement } from "../fleet/objects";
import { isOwn, variantOfObject, VERSION_OF } from "../fleet/owner";
import { asRunError } from "../lib/run-error";
import type { UserError } from "../lib/user-error";
import { isAltered } from "./drift";
import type { Plan } from "./finding";
import { handovers } from "./handover";
import type { LastUpdate } from "./last-update";
import { managesNamespace } from "./manages-namespace";
import { newerThan } from "./outdated";
import { stemOf } from "./record";
import type { Existing, Snapshot } from "./snapshot";
import { modelsTakenOver } from "./taken-over";

/** An update of some models only. */
export interface Limits {
  /** IDs of the models. */
  readonly only: ReadonlySet<string>;
  /** The objects of the other models, and of the fleet what is not made of their list: it leaves them as they are. */
  readonly untouched: readonly Announcement[];
  /** Why the settings need an update of the whole fleet; undefined if they do not. */
  readonly whyWhole: (last: Pick<LastUpdate, "applied">) => Whole | undefined;
  /** The error that ends an update which must be one of the whole fleet. */
  readonly refuse: (whole: Whole) => UserError;
}

/**
 * The limits of this update; undefined if it is one of the whole fleet.
 *
 * @param alone Whether the program registers nothing but the fleet. Of what else it does, nothing is known.
 * @throws RunError if it is not alone, before the cluster is asked anything
 */
export function limitsOf(
  fleet: Pick<LoadedFleet, "targeted" | "applied"> & Parameters<typeof announceTargets>[0],
  announcements: readonly Announcement[],
  alone: boolean,
): Limits | undefined {
  const { targeted, applied } = fleet;
  if (targeted === undefined) return undefined;
  const { models: only, refuse } = targeted;
  if (!alone) throw asRunError(refuse(NOT_ALONE));
  const touched = new Set<string>(announceTargets(fleet, only).map(({ object }) => object));
  return {
    only,
    untouched: announcements.filter(({ object }) => !touched.has(object)),
    whyWhole: (last) => whyWhole(only, applied, last.applied),
    refuse,
  };
}

const NOT_ALONE: Whole = {
  why: "the program may do more than the fleet (createFleet({ alone: true }) says that it does not)",
  isUsual: true,
};

/**
 * Refuses an update of some models only if it must be one of the whole fleet. What such an update would find wrong with
 * other models, it must find itself.
 *
 * @throws UserError that says why
 */
export function refusePart(plan: Plan, snapshot: Snapshot, limits: Limits): void {
  const whole = limits.whyWhole(snapshot.last);
  if (whole !== undefined) throw limits.refuse(whole);
  const why = whyWholeHere(plan, snapshot, limits);
  if (why !== undefined) throw limits.refuse({ why });
}

/** Why what the cluster has needs an update of the whole fleet: the second half of a sentence; undefined if it does not. */
export function whyWholeHere(
  plan: Plan,
  snapshot: Pick<
    Snapshot,
    "last" | "namespace" | "objects" | "httpRoutes" | "ingresses" | "seesAllIngresses"
  >,
  { only, untouched }: Pick<Limits, "only" | "untouched">,
): string | undefined {
  const manages = managesNamespace(snapshot, plan.stack);
  if ((snapshot.last.applied?.managesNamespace ?? manages) !== manages)
    return manages ? "the Namespace is the stack's again" : "the Namespace is not the stack's any more";
  const found = [...snapshot.objects.values()].flat();
  const names = new Set<string>(untouched.map(({ object }) => object));
  const missing = untouched.find((one) => isMissing(one, snapshot));
  if (missing !== undefined) return `${missing.object} is missing in the cluster`;
  const altered = found.find((one) => names.has(one.object) && isAltered(one, plan.stack));
  if (altered !== undefined) return `somebody changed ${altered.object}`;
  const [newer] = newerThan(
    found.filter((one) => names.has(one.object)),
    snapshot.last.applied?.at,
    plan.stack,
  );
  if (newer !== undefined) return `${newer.object} is newer than the last update that ended`;
  const leftover = found.find((one) => isLeftover(one, plan) && !only.has(variantOfObject(one.metadata).id));
  if (leftover !== undefined) return `${leftover.object} is to be deleted too`;
  const waiting = modelsTakenOver(plan, snapshot).find((id) => !only.has(id));
  if (waiting !== undefined) return `requests for model "${waiting}" go elsewhere so far`;
  return handovers(plan, snapshot).size > 0 ? "a path goes from one model to another" : undefined;
}

/** Whether the cluster lacks an object. A kind that the account may not list is taken to be there. */
function isMissing({ object }: Announcement, { objects, last }: Pick<Snapshot, "objects" | "last">): boolean {
  const [kind = "", name = ""] = object.split("/");
  const all = objects.get(kind as Existing["kind"]);
  if (all === undefined) return false;
  const stem = name.endsWith("-*") ? name.slice(0, -2) : undefined;
  const exact = stem === undefined ? name : last.applied?.secretVersions?.find((one) => stemOf(one) === stem);
  // Before the first record of versions, any of them may be the one that pods need.
  return !all.some(({ metadata }) =>
    exact === undefined ? metadata.annotations?.[VERSION_OF] === stem : metadata.name === exact,
  );
}

/** Whether an object is the stack's and will not be there any more. Versions of Secrets go by themselves. */
function isLeftover({ object, metadata }: Existing, { stack, announced }: Plan): boolean {
  return isOwn(metadata, stack) && !announced.has(object) && metadata.annotations?.[VERSION_OF] === undefined;
}
