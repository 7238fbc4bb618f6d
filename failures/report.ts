import { FLEET_NAMES } from "../fleet/names";
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
export function reportOf(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  found: Evidence,
): string {
  const { pod, log } = found;
  const { what, why, fix } = explained(name, found);
  const describe = `kubectl describe pods --namespace ${namespace} --selector app.kubernetes.io/name=${name}`;
  return [
    what,
    `  why: ${why}`,
    ...(log === undefined ? [] : ["  the end of its log:", ...log.map((line) => `    ${line}`)]),
    `  fix: ${fix}`,
    ...(pod === undefined ? [] : [`  more: ${describe}`]),
  ].join("\n");
}

/** What is known of a Deployment that is not ready. @param name Its name: a model's ID, or that of the default backend */
export function explained(name: string, { serving, reason, pod }: Evidence): Explained {
  const [subject, at] =
    name === FLEET_NAMES.defaultBackend
      ? ["the default backend", "routing.defaultBackend"]
      : [`model "${name}"`, `catalog.${name}`];
  return {
    what: `${subject} is not ready; ${serving}`,
    why: `${pod === undefined ? "" : `${pod}: `}${reason}`,
    fix: `${fixOf(reason, at)}, and run \`pulumi up\` again`,
  };
}
