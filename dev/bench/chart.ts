import { stringify } from "yaml";
import type { Manifest } from "../registered";
import { renderFleet } from "./objects";

/** Stands for a model's ID in the manifests that become templates. */
const ANY_MODEL = "any-model";

/** Stands for the list of paths. */
const PATHS = "paths-of-all-models";

/**
 * A Helm chart as a user would write it, with the list of models in `values.models`: it makes the same objects as
 * modelfleet, apart from the namespace.
 *
 * @returns The chart's files by their path in it.
 */
export async function renderChart(namespace: string): Promise<Readonly<Record<string, string>>> {
  const { pullSecrets, models, ingress } = await renderFleet({ namespace, models: [ANY_MODEL] });
  const [model] = models;
  if (!model) throw new Error("the fleet has no model");
  const { path, ...objects } = model;
  return {
    "Chart.yaml": stringify({ apiVersion: "v2", name: "models", version: "1.0.0" }),
    "templates/registry.yaml": documents(pullSecrets),
    "templates/models.yaml": forEachModel(`\n${documents(Object.values(objects))}`),
    "templates/ingress.yaml": documents([withPaths(ingress, PATHS)]).replace(
      new RegExp(`^( *)paths: ${PATHS}$`, "m"),
      (_, indent: string) =>
        `${indent}paths:\n${indent}  ${forEachModel(`\n${indent}  - ${JSON.stringify(path)}\n${indent}  `)}`,
    ),
  };
}

function documents(objects: readonly Manifest[]): string {
  // Helm reads YAML 1.1, in which a plain `off` is false.
  const options = { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false } as const;
  const text = objects.map((object) => `---\n${stringify(object, options)}`).join("");
  if (text.includes("{{")) throw new Error("a manifest has braces, which a template would take for its own");
  return text;
}

/** Repeats a template for every model. */
function forEachModel(template: string): string {
  return `{{- range .Values.models }}${template.replaceAll(ANY_MODEL, "{{ . }}")}{{- end }}`;
}

function withPaths(ingress: Manifest, paths: string): Manifest {
  const spec = ingress["spec"] as object;
  return { ...ingress, spec: { ...spec, rules: [{ http: { paths } }] } };
}
