import { command } from "../../lib/command";
import { CHANGE_OPTIONS } from "../options";

export const deploy = command({
  summary: "Add models to the list, with settings, and update the stack",
  positionals: [{ name: "MODEL", help: "model ID, such as iris", many: true }],
  options: {
    image: { type: "string", value: "IMAGE", help: "container image of the model server" },
    set: {
      type: "string",
      value: "KEY=VALUE",
      help: "a setting of the model, such as replicas=2 or env.MODE=fast",
      many: true,
    },
    secret: {
      type: "string",
      value: "NAME",
      help: "a secret variable; its value comes from standard input or a prompt",
    },
    ...CHANGE_OPTIONS,
  },
  examples: [
    ["npx modelfleet deploy churn --image registry.example/churn:1 --set replicas=2", "a new model"],
    ["npx modelfleet deploy churn --secret API_KEY --yes < key.txt", "with a key from a file"],
  ],
  run: async ({ values, positionals }) => (await import("../deploy")).deploy(positionals, values),
});
