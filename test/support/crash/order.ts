import type { Random } from "../random";
import type { Workspace } from "../workspace";
import { changed, type Plan } from "./plan";
import type { Update } from "./progress";

/** A change of the fleet that a user orders. */
export interface Order {
  /** The command, as it is typed. */
  readonly title: string;
  /** What the settings say after it. */
  readonly plan: Plan;
  /** Whether the settings are edited before the command; otherwise it edits them itself. */
  readonly isEdit: boolean;
  /** Runs the command. */
  readonly start: (fleet: Workspace) => Update;
}

/** An edit of the settings and `pulumi up`. */
export function randomEdit(plan: Plan, random: Random, pool: readonly string[]): Order {
  return {
    title: "pulumi up",
    plan: changed(plan, random, pool),
    isEdit: true,
    start: (fleet) => fleet.start("up", "--yes", "--skip-preview"),
  };
}

/** `modelfleet deploy` or `delete` of one to three models. */
export function randomVerb(plan: Plan, random: Random, pool: readonly string[]): Order {
  const active = Object.keys(plan.models);
  const absent = pool.filter((id) => !active.includes(id));
  const deploys = random.isLucky(0.5) ? absent.length > 0 : active.length <= 3;
  const ids = random.some(deploys ? absent : active, random.between(1, 3));
  const models = deploys
    ? { ...plan.models, ...Object.fromEntries(ids.map((id) => [id, {}])) }
    : Object.fromEntries(Object.entries(plan.models).filter(([id]) => !ids.includes(id)));
  const args = [deploys ? "deploy" : "delete", ...ids, "--yes"];
  return {
    title: `modelfleet ${args.join(" ")}`,
    plan: { ...plan, models },
    isEdit: false,
    start: (fleet) => fleet.startModelfleet(...args),
  };
}
