import { command } from "../../lib/command";

export const start = command({
  summary: "Start a local cluster, deploy the stack dev to it, and wait until its models answer",
  options: {
    simulated: { type: "boolean", help: "simulate the nodes: pods become ready, but nothing runs in them" },
  },
  examples: [
    ["npm start", "with real nodes where the machine can run them"],
    ["npm start -- --simulated", "with simulated nodes"],
  ],
  run: async ({ values }) => (await import("../start/start")).start(values),
});
