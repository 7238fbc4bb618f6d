import { command } from "../../lib/command";
import { STACK_OPTION } from "../options";

export const monitoring = command({
  summary: "Write a dashboard for Grafana and rules for Prometheus that watch the models of a stack",
  options: {
    ...STACK_OPTION,
    out: { type: "string", value: "FOLDER", help: "where the files go (default: monitoring)" },
    "error-percent": {
      ...{ type: "string", value: "NUMBER" },
      help: "share of failed requests above which a model is reported (default: 5)",
    },
    "latency-seconds": {
      ...{ type: "string", value: "NUMBER" },
      help: "how long 95 % of the answers may take before a model is reported (default: 5)",
    },
  },
  examples: [
    ["npx modelfleet monitoring", "three files in the folder monitoring"],
    ["npx modelfleet monitoring --stack prod --latency-seconds 60", "for models that answer slowly"],
  ],
  run: async ({ values }) => (await import("../monitoring/monitoring")).monitoring(values),
});
