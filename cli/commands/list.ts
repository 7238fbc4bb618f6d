import { command } from "../../lib/command";

export const list = command({
  summary: "List the models of a stack as of its last update",
  options: {
    stack: { type: "string", value: "NAME", help: "the stack (default: the one that pulumi has selected)" },
    json: { type: "boolean", help: "print JSON instead of a table" },
  },
  examples: [
    ["npx modelfleet list", "the models of the selected stack"],
    ["npx modelfleet list --stack prod --json", "those of the stack prod, for a program to read"],
  ],
  run: async ({ values }) => (await import("../list")).list(values),
});
