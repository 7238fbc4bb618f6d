import { basename } from "node:path";
import { UserError } from "../../../lib/user-error";
import { unreadable } from "../facts";
import { type Check, splitFix } from "../finding";

/** Settings that the program refuses: every line of its report. */
export const settings: Check = {
  of: "settings",
  look: async (facts) => {
    await facts.config();
    try {
      await facts.settings();
      // Without the cluster, which another check is about, the settings alone are judged.
      if ((await facts.cluster().catch(unreadable)) !== undefined) await facts.announced();
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const [head = "", ...lines] = error.message.split("\n").map((line) => line.trim());
      const file = basename(facts.settingsFile);
      return (lines.length > 0 ? lines : [head]).map((line) => splitFix(line, `correct ${file}`));
    }
  },
};
