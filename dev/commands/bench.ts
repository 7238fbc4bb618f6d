import { command } from "../../lib/command";

export const bench = command({
  summary: "Compare modelfleet with other ways to create the same objects",
  options: {
    models: { type: "string", value: "SIZES", help: "fleet sizes (default: 10,100,300)" },
    only: { type: "string", value: "NAMES", help: "measure these only (default: all)" },
    skip: { type: "string", value: "NAMES", help: "leave these out (default: none)" },
    repeat: {
      type: "string",
      value: "TIMES",
      help: "how often to measure (default: 3 up to 30 models, then 1)",
    },
    "empty-program": {
      type: "boolean",
      help: "compare only with Pulumi programs that make nothing (default: 3 and 1,000 models)",
    },
  },
  examples: [
    ["npm run bench -- --models 10,30", "two small fleets"],
    ["npm run bench -- --skip plain-pulumi,python", "modelfleet and kubectl alone"],
  ],
  run: async ({ values: { "empty-program": isEmpty, ...values } }) => {
    const { bench, emptyPrograms } = await import("../bench/main");
    return isEmpty ? emptyPrograms(values.models) : bench(values);
  },
});
