import { DEFAULT_VARIANT, FLEET_NAMES, modelTitle } from "../fleet/names";
import { podLabels, selectorOf } from "../fleet/owner";
import type { Evidence } from "./evidence";
import { fixOf } from "./reason";

/** Why a Deployment is not ready, in parts, for a report or a sentence. */
export interface Explained {
  /** Such as `model "iris" is not ready; nothing of it serves`. */
  readonly what: string;
  readonly why: string;
  /** What to do next, as an imperative. */
  readonly fix: string;
}

/** Why a Deployment is not ready, and what to do next, as a report of several lines. */
export function reportOf({ namespace }: { readonly namespace: string }, found: Evidence): string {
  const { pod, log, of } = found;
  const { what, why, fix } = explained(found);
  const describe = `kubectl describe pods --namespace ${namespace} --selector ${selectorOf(podLabels(of))}`;
  return [
    what,
    `  why: ${why}`,
    ...(log === undefined ? [] : ["  the end of its log:", ...log.map((line) => `    ${line}`)]),
    `  fix: ${fix}`,
    ...(pod === undefined ? [] : [`  more: ${describe}`]),
  ].join("\n");
}

/** What is known of a Deployment that is not ready, and what to do next. */
export function explained({ of, serving, reason, pod }: Evidence): Explained {
  const { id, variant } = of;
  const entry = variant === DEFAULT_VARIANT ? `catalog.${id}` : `catalog.${id}.variants.${variant}`;
  const [subject, at] =
    id === FLEET_NAMES.defaultBackend
      ? ["the default backend", "routing.defaultBackend"]
      : [modelTitle(id, variant), entry];
  return {
    what: `${subject} is not ready; ${serving}`,
    why: `${pod === undefined ? "" : `${pod}: `}${reason}`,
    fix: `${fixOf(reason, at)}, and run \`pulumi up\` again`,
  };
}
