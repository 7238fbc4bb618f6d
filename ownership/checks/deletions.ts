import { isFleetName } from "../../fleet/names";
import { isOwn, PROTECTED, variantOfObject } from "../../fleet/owner";
import { someOf } from "../../lib/some-of";
import type { Finding, Plan } from "../finding";
import type { Existing, Snapshot } from "../snapshot";

/** The settings and objects that decide what may be deleted. */
interface Wanted extends Pick<Plan, "stack" | "announced" | "maxDeletions"> {
  readonly models: readonly { readonly id: string }[];
}
type Found = Pick<Snapshot, "objects">;

/** How many models a message names. */
const NAMED = 10;

/** Refuses to delete models with the setting `protect`, and their champions, as of their last update. */
export function protectedModels(plan: Wanted, snapshot: Found): Finding[] {
  return deployments(plan, snapshot)
    .filter(({ object }) => !plan.announced.has(object))
    .filter(({ metadata }) => metadata.annotations?.[PROTECTED] === "true")
    .map((deployment) => {
      const [id, { variant }] = [modelOf(deployment), variantOfObject(deployment.metadata)];
      const stays = plan.models.some((model) => model.id === id);
      return {
        level: "error",
        text: stays
          ? `catalog.${id}.variants: ${variant} is the champion of a protected model, and the update would delete it; ` +
            "keep it, and remove it after an update with another champion"
          : `models: ${id} is protected, and the update would delete it; put it back into the list. ` +
            `To delete it, first set catalog.${id}.protect to false and update`,
      };
    });
}

/** Refuses to delete more models than `maxDeletions`, such as all of them by a list that was cut off. */
export function manyDeletions(plan: Wanted, snapshot: Found): Finding[] {
  const before = [...new Set(deployments(plan, snapshot).map(modelOf))];
  const staying = new Set(plan.models.map(({ id }) => id));
  const ids = before.filter((id) => !staying.has(id));
  const allowed = plan.maxDeletions ?? Math.max(1, Math.floor(before.length / 5));
  if (ids.length <= allowed) return [];
  const rule = plan.maxDeletions === undefined ? `${allowed}, a fifth of them,` : `${allowed} (maxDeletions)`;
  return [
    {
      level: "error",
      text:
        `models: the update would delete ${ids.length} of ${before.length} models (${someOf(ids, NAMED)}), and at most ${rule} may go at once; ` +
        `if that is meant, run it with MODELFLEET_MAX_DELETIONS=${ids.length}`,
    },
  ];
}

/** The Deployments of the stack's models in the cluster, one per variant. */
function deployments({ stack }: Pick<Wanted, "stack">, { objects }: Found): Existing[] {
  return (objects.get("deployment") ?? []).filter(
    ({ object, metadata }) => isOwn(metadata, stack) && !isFleetName(nameOf(object)),
  );
}

/** The ID of a Deployment's model. Its own name, if somebody removed the label. */
function modelOf({ object, metadata }: Existing): string {
  return variantOfObject(metadata).id || nameOf(object);
}

function nameOf(object: Existing["object"]): string {
  return object.split("/")[1] ?? "";
}
