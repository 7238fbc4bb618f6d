import { command } from "../../lib/command";
import { UPDATE_OPTIONS } from "../options";

export const adopt = command({
  summary: "Take over models that were deployed by other means, without a failed request",
  positionals: [
    {
      name: "MODEL",
      help: "model ID, whose Deployment is named <id>-deployment, or ID=DEPLOYMENT (default: every <id>-deployment)",
      optional: true,
      many: true,
    },
  ],
  options: {
    selector: { type: "string", value: "LABEL=VALUE", help: "the Deployments with these labels" },
    from: {
      type: "string",
      value: "NAMESPACE",
      help: "namespace of the old objects (default: that of the fleet)",
    },
    "delete-old": { type: "boolean", help: "delete the old objects once the new ones answer" },
    ...UPDATE_OPTIONS,
  },
  examples: [
    ["npx modelfleet adopt", "every model of the old script; its objects stay"],
    [
      "npx modelfleet adopt iris=my-iris --from old --delete-old",
      "one Deployment, and delete the old objects",
    ],
  ],
  run: async ({ values, positionals }) => {
    const { "delete-old": deleteOld, ...options } = values;
    await (await import("../adopt/adopt")).adopt(positionals, { ...options, deleteOld });
  },
});
