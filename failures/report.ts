import { FLEET_NAMES } from "../fleet/names";
import type { Evidence } from "./evidence";
import { fixOf } from "./reason";

/** Why a Deployment is not ready, and what to do next. */
export function reportOf(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  found: Evidence,
): string {
  const { isServing, reason, pod, log } = found;
  const [subject, at] =
    name === FLEET_NAMES.defaultBackend
      ? ["the default backend", "routing.defaultBackend"]
      : [`model "${name}"`, `catalog.${name}`];
  const describe = `kubectl describe pods --namespace ${namespace} --selector app.kubernetes.io/name=${name}`;
  return [
    `${subject} is not ready; ${isServing ? "an earlier release of it goes on serving" : "nothing of it serves"}`,
    `  why: ${pod === undefined ? "" : `${pod}: `}${reason}`,
    ...(log === undefined ? [] : ["  the end of its log:", ...log.map((line) => `    ${line}`)]),
    `  fix: ${fixOf(reason, at)}, and run \`pulumi up\` again`,
    ...(pod === undefined ? [] : [`  more: ${describe}`]),
  ].join("\n");
}
