import { type Check, counted, named } from "../finding";
import { keyOf } from "../objects";

/** Objects that the state has and the cluster lost: an update would call them unchanged. */
export const lost: Check = {
  of: "lost objects",
  look: async (facts) => {
    const { objects: known } = await facts.state();
    const { existing } = await facts.objects();
    const missing = known.filter((object) => !existing.has(keyOf(object)));
    if (missing.length === 0) return [];
    const objects = missing.map(({ kind, name }) => `${kind}/${name}`).sort();
    return [
      {
        problem: `the cluster lost ${counted(objects.length, "object")} of the last update: ${named(objects)}`,
        fix: `\`pulumi up --refresh --stack ${facts.name}\``,
        objects,
      },
    ];
  },
};
