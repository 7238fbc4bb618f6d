import { command } from "../../lib/command";

export const stop = command({
  summary: "Stop the local cluster",
  options: {
    purge: { type: "boolean", help: "also delete its Pulumi state and everything else in .modelfleet/" },
  },
  examples: [
    ["npm stop", "the next npm start continues with the same Pulumi state"],
    ["npm stop -- --purge", "the next npm start begins anew"],
  ],
  run: async ({ values }) => (await import("../stop")).stop(values),
});
