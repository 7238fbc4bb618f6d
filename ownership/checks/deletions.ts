import { isFleetName } from "../../fleet/names";
import { isOwn, PROTECTED } from "../../fleet/owner";
import type { Finding, Plan } from "../finding";
import type { Existing, Snapshot } from "../snapshot";

/** The settings and objects that decide what may be deleted. */
type Wanted = Pick<Plan, "stack" | "announced" | "maxDeletions">;
type Found = Pick<Snapshot, "objects">;

/** How many models a message names. */
const NAMED = 10;

/** Refuses to delete models with the setting `protect`, as of their last update. */
export function protectedModels(plan: Wanted, snapshot: Found): Finding[] {
  return leaving(plan, snapshot)
    .filter(({ metadata }) => metadata.annotations?.[PROTECTED] === "true")
    .map(({ object }) => ({
      level: "error",
      text:
        `models: ${idOf(object)} is protected, and the update would delete it; put it back into the list. ` +
        `To delete it, first set catalog.${idOf(object)}.protect to false and update`,
    }));
}

/** Refuses to delete more models than `maxDeletions`, such as all of them by a list that was cut off. */
export function manyDeletions(plan: Wanted, snapshot: Found): Finding[] {
  const ids = leaving(plan, snapshot).map(({ object }) => idOf(object));
  const before = models(plan, snapshot).length;
  const allowed = plan.maxDeletions ?? Math.max(1, Math.floor(before / 5));
  if (ids.length <= allowed) return [];
  const rest = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : "";
  const rule = plan.maxDeletions === undefined ? `${allowed}, a fifth of them,` : `${allowed} (maxDeletions)`;
  return [
    {
      level: "error",
      text:
        `models: the update would delete ${ids.length} of ${before} models (${ids.slice(0, NAMED).join(", ")}${rest}), and at most ${rule} may go at once; ` +
        `if that is meant, run it with MODELFLEET_MAX_DELETIONS=${ids.length}`,
    },
  ];
}

/** The models of the stack in the cluster. */
function models({ stack }: Wanted, { objects }: Found): Existing[] {
  return (objects.get("deployment") ?? []).filter(
    ({ object, metadata }) => isOwn(metadata, stack) && !isFleetName(idOf(object)),
  );
}

/** Those that the update would delete. */
function leaving(plan: Wanted, snapshot: Found): Existing[] {
  return models(plan, snapshot).filter(({ object }) => !plan.announced.has(object));
}

function idOf(object: Existing["object"]): string {
  return object.split("/")[1] ?? "";
}
