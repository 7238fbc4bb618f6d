import { command } from "../../lib/command";
import { CHANGE_OPTIONS } from "../options";

export const promote = command({
  summary: "Let the paths of a model lead to another of its variants, and update the stack",
  positionals: [
    { name: "MODEL", help: "ID of the model" },
    { name: "VARIANT", help: "name of one of its variants" },
  ],
  options: CHANGE_OPTIONS,
  examples: [
    [
      "npx modelfleet promote iris candidate",
      "its share of the requests becomes all that other variants leave",
    ],
    ["npx modelfleet promote iris default --yes", "and back; so does the reverted commit"],
  ],
  run: async ({ values, positionals: [id = "", variant = ""] }) =>
    (await import("../promote")).promote(id, variant, values),
});
