import { command } from "../../lib/command";
import { STACK_OPTION } from "../options";

export const logs = command({
  summary: "Print the logs of all pods of a model as they are: secrets that the server prints are not hidden",
  positionals: [{ name: "MODEL", help: "ID of the model, or a variant such as iris/b" }],
  options: {
    ...STACK_OPTION,
    follow: { type: "boolean", short: "f", help: "go on with new lines, pods and containers until Ctrl-C" },
    previous: { type: "boolean", help: "of the containers before the current ones, which have ended" },
  },
  examples: [
    ["npx modelfleet logs iris", "all lines, the oldest first; with several pods, after the pod's name"],
    ["npx modelfleet logs iris -f --stack prod", "go on with new lines until Ctrl-C"],
  ],
  run: async ({ values, positionals }) => (await import("../logs/logs")).logs(positionals[0] ?? "", values),
});
