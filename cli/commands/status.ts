import { command } from "../../lib/command";
import { STACK_OPTION } from "../options";

export const status = command({
  summary: "Show what the models of a stack are doing, why one is not right, and what to do about it",
  positionals: [
    {
      name: "MODEL",
      help: "only this model or variant (iris/b), with its pods and the end of a log",
      optional: true,
    },
  ],
  options: {
    ...STACK_OPTION,
    json: { type: "boolean", help: "print JSON instead of a table; with --watch, a line per change" },
    watch: { type: "boolean", help: "print again what has changed, every two seconds, until Ctrl-C" },
  },
  examples: [
    ["npx modelfleet status", "the models of the selected stack; exits with 0 also if one is not right"],
    ["npx modelfleet status iris --watch", "the model iris and its pods, until Ctrl-C"],
  ],
  run: async ({ values, positionals }) => (await import("../status/status")).status(positionals[0], values),
});
