import { command } from "../../lib/command";

export const importModels = command({
  summary: "Turn documents of KServe, KubeAI and Seldon into settings of models",
  positionals: [
    {
      name: "FILE",
      help: "YAML with InferenceServices or Models, or - for standard input",
      many: true,
    },
  ],
  options: {
    settings: {
      type: "string",
      value: "FILE",
      help: "settings file of the stack that they are to join, such as Pulumi.prod.yaml",
    },
    write: { type: "boolean", help: "write catalog/<id>.yaml per model, beside Pulumi.yaml" },
    "fix-ids": { type: "boolean", help: "take the nearest model ID for a name that is none" },
  },
  examples: [
    ["npx modelfleet import services.yaml > Pulumi.try.yaml", "settings for a new stack `try`"],
    ["kubectl get models -A -o yaml | npx modelfleet import -", "the models of a cluster"],
  ],
  run: async ({ values, positionals }) => (await import("../import/import")).runImport(positionals, values),
});
