import { inOrderOfReference } from "../../../fleet/references";
import { asWritten, type Container, type Part } from "../part";

/** The environment of the container: plain values, objects of others, and last the model's Secret, which wins over them. */
export const environment: Part = ({ env, envFrom = [] }, { envFromSecret }) => {
  const own = envFromSecret === undefined ? [] : [{ secretRef: { name: envFromSecret } }];
  const sources = [...envFrom, ...own];
  return {
    container: {
      env: inOrderOfReference(env).map(([name, value]) => ({ name, value })),
      ...(sources.length > 0 && { envFrom: asWritten<NonNullable<Container["envFrom"]>>(sources) }),
    },
  };
};
