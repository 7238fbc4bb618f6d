import { nearest } from "../lib/nearest";
import { problem, type Problem } from "./problem";

/** The settings of Pulumi's Kubernetes provider that have an effect: they name the cluster. */
const USED = ["kubernetes:context", "kubernetes:kubeconfig"];

/** What to do instead of another setting, besides removing it. */
const INSTEAD: Readonly<Record<string, string>> = {
  cluster: "choose a context of that cluster with kubernetes:context",
  namespace: "set modelfleet:namespace",
  deleteUnreachable: "set PULUMI_K8S_DELETE_UNREACHABLE=true for one command",
};

/**
 * The settings that would silently be without effect: they are those of the default provider, and the fleet has its own
 * (docs/decisions/0008).
 *
 * @param keys Keys such as `kubernetes:namespace`.
 */
export function unusedSettings(keys: readonly string[]): Problem[] {
  return keys
    .filter((key) => key.startsWith("kubernetes:") && !USED.includes(key))
    .sort()
    .map((key) => {
      const near = nearest(key, USED);
      const instead = INSTEAD[key.slice("kubernetes:".length)];
      const remove = `remove it with \`pulumi config rm ${key}\`${instead === undefined ? "" : `, and ${instead}`}`;
      const fix = near === undefined || instead !== undefined ? remove : `did you mean "${near}"?`;
      return problem(key, undefined, `has no effect; only ${USED.join(" and ")} have one`, fix);
    });
}
