import { command } from "../../lib/command";
import { STACK_OPTION } from "../options";

export const doctor = command({
  summary:
    "Look for what is wrong with a stack and its cluster, and how to mend it; exit with 3 if anything is",
  options: {
    ...STACK_OPTION,
    fix: { type: "boolean", help: "mend what is safe to mend, after a question" },
    yes: { type: "boolean", help: "mend without a question" },
    json: { type: "boolean", help: "print JSON instead of a table" },
  },
  examples: [
    ["npx modelfleet doctor", "what is wrong with the selected stack; changes nothing"],
    ["npx modelfleet doctor --fix --yes --stack prod", "after an update of the stack prod was killed"],
  ],
  run: async ({ values }) => (await import("../doctor/doctor")).doctor(values),
});
