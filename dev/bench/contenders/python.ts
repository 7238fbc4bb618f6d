import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../../lib/paths";
import type { Bench, Contender } from "../contender";
import { renderFleet } from "../objects";

/**
 * The script that modelfleet replaces: it creates one model after another with Kubernetes' Python client.
 *
 * @param interpreter Path of a Python with the client, from `pythonPackages`.
 */
export function python({ kubeconfig }: Bench, interpreter: string): Contender {
  return {
    name: "python",
    async open(directory, namespace) {
      const input = join(directory, "fleet.json");
      const script = join(ROOT, "dev", "bench", "peers", "one_by_one.py");
      return {
        prepare: async (models, fresh) => {
          const fleet = await renderFleet({ namespace, models });
          const isFresh = (id: string) => fresh.includes(id);
          const known = fleet.models.filter((_, index) => !isFresh(models[index] ?? ""));
          await writeFile(
            input,
            JSON.stringify({
              namespace,
              first: known.length === 0,
              namespace_object: fleet.namespace,
              pull_secrets: fleet.pullSecrets,
              known_paths: known.map(({ path }) => path),
              deploy: fleet.models.filter((_, index) => isFresh(models[index] ?? "")),
              ingress: fleet.ingress,
            }),
          );
        },
        apply: [
          { file: interpreter, args: [script, input], cwd: directory, env: { KUBECONFIG: kubeconfig } },
        ],
      };
    },
  };
}
