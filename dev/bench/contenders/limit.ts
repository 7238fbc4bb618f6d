import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../../lib/paths";
import type { Bench, Contender } from "../contender";
import { inOrder, renderFleet } from "../objects";

/** No way to create a fleet, but how fast any could be: the objects are sent as fast as the API server takes them. */
export function limit({ kubeconfig }: Bench): Contender {
  return {
    name: "limit",
    async open(directory, namespace) {
      const input = join(directory, "objects.json");
      const loader = join(ROOT, "lib", "typescript", "register.mjs");
      const script = join(ROOT, "dev", "bench", "peers", "limit.ts");
      return {
        prepare: async (models) => {
          await writeFile(input, JSON.stringify(inOrder(await renderFleet({ namespace, models }))));
        },
        apply: [
          {
            file: process.execPath,
            args: [`--import=${loader}`, script, input],
            cwd: directory,
            env: { KUBECONFIG: kubeconfig },
          },
        ],
      };
    },
  };
}
