import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { renderChart } from "../chart";
import type { Bench, Command, Contender } from "../contender";
import { renderFleet } from "../objects";

const RELEASE = "models";

/** As many requests as modelfleet may send: by default Helm sends 100 at once and then 5 per second. */
const LIMITS = ["--qps", "400", "--burst-limit", "800"] as const;

/**
 * Helm with a chart of the same objects, and its own wait. The Namespace is applied before, since a chart cannot have the
 * one that its release is in.
 *
 * @param program Path of helm.
 */
export function helm({ kubeconfig, tools }: Bench, program: string): Contender {
  return {
    name: "helm",
    async open(directory, namespace) {
      const [chart, values] = [join(directory, "chart"), join(directory, "values.yaml")];
      await writeFiles(chart, await renderChart(namespace));
      const manifest = join(directory, "namespace.json");
      await writeFile(
        manifest,
        JSON.stringify((await renderFleet({ namespace, models: ["any"] })).namespace),
      );
      const homes = ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"];
      const own = Object.fromEntries(homes.map((name) => [name, join(directory, "helm")]));
      const env = { KUBECONFIG: kubeconfig, ...own };
      const command = (file: string, ...args: readonly string[]): Command => ({
        ...{ file, args, cwd: directory, env },
      });
      const input = [RELEASE, chart, "--values", values, "--namespace", namespace];
      return {
        prepare: async (models) => writeFile(values, stringify({ models })),
        apply: [
          command(tools.kubectl, "apply", "--server-side", "--filename", manifest),
          command(program, "upgrade", "--install", ...input, "--wait", "--timeout", "15m", ...LIMITS),
        ],
        check: command("bash", "-c", DIFF, program, namespace, ...input),
      };
    },
  };
}

/**
 * What the plugin helm-diff does by default: it compares the manifest of the last release with what the chart renders,
 * and not with the cluster. The plugin itself cannot be built from the Go module proxy.
 */
const DIFF = `
"$0" get manifest ${RELEASE} --namespace "$1" >released.yaml &&
"$0" template "\${@:2}" --is-upgrade --dry-run=server >rendered.yaml &&
diff --ignore-blank-lines released.yaml rendered.yaml`;

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
