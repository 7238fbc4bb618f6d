import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { UsageError } from "../../lib/user-error";
import { writeWhole } from "../../lib/write-whole";
import { modelsOf } from "../list";
import { pulumiError } from "../pulumi-error";
import { openStack } from "../stack";
import { dashboardOf } from "./dashboard";
import { rulesOf, type Watched } from "./rules";

/** The options of the command, as they are typed. */
interface MonitoringOptions {
  readonly stack: string | undefined;
  readonly out: string | undefined;
  readonly "error-percent": string | undefined;
  readonly "latency-seconds": string | undefined;
}

/** Writes the dashboard and the rules of a fleet, for the namespace of its last update. */
export async function monitoring({ stack: chosen, out = "monitoring", ...limits }: MonitoringOptions) {
  const errorPercent = positive("error-percent", limits["error-percent"] ?? "5");
  const latencySeconds = positive("latency-seconds", limits["latency-seconds"] ?? "5");
  const { name, shortName, stack } = await openStack(chosen);
  const outputs = await stack.outputs().catch(async (error: unknown) => {
    throw await pulumiError(error, name);
  });
  // Refuses a stack that was never updated.
  modelsOf(name, outputs);
  const namespace = String(outputs["namespace"]?.value);
  const files = filesOf({ stack: shortName, namespace, errorPercent, latencySeconds });
  mkdirSync(out, { recursive: true });
  for (const [file, { text }] of Object.entries(files)) writeWhole(join(out, file), text);
  const lines = Object.entries(files).map(([file, { use }]) => `${join(out, file)}: ${use}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** @throws UsageError if it is not a number above 0 */
function positive(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`--${option}: ${JSON.stringify(text)} is not a number above 0`);
}

/** The files for a fleet, by name, each with what it is for. */
export function filesOf(watched: Watched): Record<string, { readonly text: string; readonly use: string }> {
  const { namespace } = watched;
  const spec = rulesOf(watched);
  const object = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "modelfleet", namespace, labels: { "app.kubernetes.io/part-of": "modelfleet" } },
    spec,
  };
  // No line is folded: expressions are copied from here.
  const yaml = (value: unknown) => stringify(value, { lineWidth: 0 });
  return {
    "dashboard.json": {
      text: `${JSON.stringify(dashboardOf(watched), undefined, 2)}\n`,
      use: "for Grafana, under Dashboards, New, Import",
    },
    "rules.yaml": { text: yaml(spec), use: "for Prometheus, as one of its rule_files" },
    "prometheus-rule.yaml": {
      text: yaml(object),
      use: "the same for the Prometheus Operator, for kubectl apply",
    },
  };
}
