import { command } from "../../lib/command";
import { STACK_OPTION } from "../options";

export const list = command({
  summary: "List the models of a stack as of its last update",
  options: {
    ...STACK_OPTION,
    json: { type: "boolean", help: "print JSON instead of a table" },
  },
  examples: [
    ["npx modelfleet list", "the models of the selected stack"],
    ["npx modelfleet list --stack prod --json", "those of the stack prod, for a program to read"],
  ],
  run: async ({ values }) => (await import("../list")).list(values),
});
