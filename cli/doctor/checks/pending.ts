import { type Check, counted, named } from "../finding";

/** Operations that a killed update had begun, and of which the state does not know the end. */
export const pending: Check = {
  of: "pending operations",
  look: async (facts) => {
    const { pending: operations } = await facts.state();
    if (operations.length === 0) return [];
    return [
      {
        problem: `a killed update left ${counted(operations.length, "pending operation")} in the state: ${named(operations)}`,
        fix: `\`pulumi refresh --clear-pending-creates --yes --stack ${facts.name}\`, then \`pulumi up --stack ${facts.name}\``,
      },
    ];
  },
};
