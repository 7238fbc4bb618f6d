import { command } from "../../lib/command";

export const test = command({
  summary: "Check types, lint and format, and run the unit and the end-to-end tests",
  positionals: [
    { name: "PART", help: "unit or e2e (default: both)", optional: true },
    { name: "FILTER", help: "run only test files whose path contains it", optional: true, many: true },
  ],
  options: {},
  examples: [
    ["npm test -- unit", "types, lint, format and the unit tests"],
    ["npm test -- e2e drift", "the end-to-end tests whose path contains drift"],
  ],
  run: async ({ positionals }) => (await import("../test/run")).runTests(positionals),
});
