import { command } from "../../lib/command";
import { CHANGE_OPTIONS } from "../options";

export const updateIngress = command({
  summary:
    "Make the list exactly these models and update the stack; without any, repair what was edited by hand",
  positionals: [
    { name: "MODEL", help: "model IDs, separated by commas or spaces", optional: true, many: true },
  ],
  options: CHANGE_OPTIONS,
  examples: [
    ["npx modelfleet update-ingress iris,churn", "these two, and no other"],
    ["npx modelfleet update-ingress", "routes and all other objects as the settings say"],
  ],
  run: async ({ values, positionals }) => (await import("../deploy")).updateIngress(positionals, values),
});
