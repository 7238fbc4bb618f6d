import { nearLimits, shareOfSettings } from "../../../config/sizes";
import { UserError } from "../../../lib/user-error";
import { unreadable } from "../facts";
import type { Check } from "../finding";

/** What is near a limit of Kubernetes, Linux or Pulumi. Beyond it, every preview fails. */
export const sizes: Check = {
  of: "sizes",
  look: async (facts) => {
    const values = Object.entries(await facts.config()).map(([key, { value }]) => [key, value] as const);
    const share = shareOfSettings(JSON.stringify(Object.fromEntries(values)));
    const [, problem = share, fix] = /^(.*): (move .*)$/s.exec(share ?? "") ?? [];
    const ofAll = problem === undefined ? [] : [{ problem, ...(fix !== undefined && { fix }) }];
    const settings = await facts.settings().catch(unreadable);
    if (settings === undefined) throw new UserError("the settings do not load");
    const near = nearLimits(settings);
    return [...ofAll, ...near.map((one) => ({ problem: one.text, fix: one.fix }))];
  },
};
