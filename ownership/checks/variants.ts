import { modelTitle } from "../../fleet/names";
import type { Finding, Plan } from "../finding";
import { newlyServing } from "../readiness";
import type { Snapshot } from "../snapshot";

/**
 * Refuses to lead requests to a variant without a ready pod, as long as another one answers them. One that the update
 * makes, or starts from 0 replicas, is awaited before the routes change.
 */
export function unreadyVariants(
  { models }: Pick<Plan, "models">,
  { readiness, last }: Pick<Snapshot, "readiness" | "last">,
): Finding[] {
  return newlyServing(models, last).flatMap(({ id, variant, deployment, instead }) => {
    const { ready, wanted } = readiness.get(deployment) ?? { ready: 0, wanted: 0 };
    const isAnswered = instead.some((name) => (readiness.get(name)?.ready ?? 0) > 0);
    if (wanted === 0 || ready > 0 || !isAnswered) return [];
    const text =
      `${modelTitle(id, variant)}: would get requests, and has no ready pod (0 of ${wanted}); ` +
      `wait until it has one, or correct it in an update before: \`npx modelfleet status ${id}\` says why`;
    return [{ level: "error", text }];
  });
}
