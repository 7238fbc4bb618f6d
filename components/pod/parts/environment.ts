import { textsOf } from "../../../config/settings/environment";
import { inOrderOfReference } from "../../../fleet/references";
import { asWritten, type Container, type Part, type PodSettings, type ServerArgs } from "../part";

/** The environment of the container: plain values, objects of others, and last the model's Secret, which wins over them. */
export const environment: Part = (settings, args) => ({ container: variables(settings, args) });

/** The variables of a container. */
export function variables(
  { env, envFrom = [] }: Pick<PodSettings, "env" | "envFrom">,
  { envFromSecret }: Pick<ServerArgs, "envFromSecret">,
): Pick<Container, "env" | "envFrom"> {
  const own = envFromSecret === undefined ? [] : [{ secretRef: { name: envFromSecret } }];
  const sources = [...envFrom, ...own];
  // Texts may refer to them, and Kubernetes replaces only references to variables that stand earlier.
  const taken = Object.entries(env)
    .filter(([, value]) => typeof value !== "string")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    env: asWritten<NonNullable<Container["env"]>>([
      ...taken.map(([name, valueFrom]) => ({ name, valueFrom })),
      ...inOrderOfReference(textsOf(env)).map(([name, value]) => ({ name, value })),
    ]),
    ...(sources.length > 0 && { envFrom: asWritten<NonNullable<Container["envFrom"]>>(sources) }),
  };
}
