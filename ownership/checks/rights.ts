import type { Check } from "../finding";

/** Says all rights that the account lacks. A preview changes nothing and goes on; an update would go on blindly. */
export const missingRights: Check = ({ isPreview }, { forbidden, user }) => {
  if (forbidden.length === 0) return [];
  const account = user === undefined ? "the account" : `the account ${user}`;
  const text = `${account} may not ${forbidden.join(", ")}`;
  const fix = "give it the Role in docs/own-cluster.md, or choose another context";
  return isPreview
    ? [
        {
          level: "warning",
          text: `${text}, so this preview does not show whether names there are taken, and an update would fail; ${fix}`,
        },
      ]
    : [{ level: "error", text: `${text}; ${fix}` }];
};
