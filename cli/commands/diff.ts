import { command } from "../../lib/command";
import { STACK_OPTION } from "../options";

export const diff = command({
  summary: "Show what an update would change, per model",
  options: {
    ...STACK_OPTION,
    refresh: { type: "boolean", help: "compare with the cluster; exit with 3 if anything differs" },
    markdown: { type: "boolean", help: "print Markdown for a comment on a pull request" },
    json: { type: "boolean", help: "print JSON for a program to read" },
  },
  examples: [
    ["npx modelfleet diff", "what `pulumi up` would do with the selected stack"],
    ["npx modelfleet diff --stack prod --refresh", "whether anybody changed the cluster of the stack prod"],
  ],
  run: async ({ values }) => (await import("../diff/diff")).diff(values),
});
