import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bench, Command, Contender } from "../contender";
import { inOrder, renderFleet } from "../objects";

/** The objects as manifests, applied with kubectl. */
export function kubectl({ kubeconfig, tools }: Bench): Contender {
  return {
    name: "kubectl",
    async open(directory, namespace) {
      const manifests = join(directory, "manifests.json");
      const command = (...args: readonly string[]): Command => ({
        file: tools.kubectl,
        args,
        cwd: directory,
        env: { KUBECONFIG: kubeconfig },
      });
      return {
        prepare: async (models) => {
          const items = inOrder(await renderFleet({ namespace, models }));
          await writeFile(manifests, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
        },
        apply: [command("apply", "--server-side", "--filename", manifests)],
        check: command("diff", "--server-side", "--filename", manifests),
      };
    },
  };
}
