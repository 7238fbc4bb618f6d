import { command } from "../../lib/command";
import { CHANGE_OPTIONS } from "../options";

export const remove = command({
  summary: "Take models off the list and update the stack: routes go first",
  positionals: [{ name: "MODEL", help: "model ID in the list", many: true }],
  options: {
    purge: { type: "boolean", help: "remove their catalog entries and secrets from the settings too" },
    ...CHANGE_OPTIONS,
  },
  examples: [
    ["npx modelfleet delete churn", "its settings stay for its return"],
    ["npx modelfleet delete churn iris --purge --yes", "with their settings"],
  ],
  run: async ({ values, positionals }) => (await import("../deploy")).remove(positionals, values),
});
