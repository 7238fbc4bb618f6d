import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { renderChart } from "../../../../dev/bench/chart";
import { modelIds } from "../../../../dev/bench/fleet";
import { inOrder, renderFleet } from "../../../../dev/bench/objects";

/** Renders the only two actions that the chart has, as Helm does: a loop over the models, and the current one. */
function render(template: string, models: readonly string[]): unknown[] {
  const loops = /\{\{- range \.Values\.models \}\}([^]*?)\{\{- end \}\}/g;
  const text = template.replace(loops, (_, body: string) =>
    models.map((id) => body.trimEnd().replaceAll("{{ . }}", id)).join(""),
  );
  expect(text).not.toContain("{{");
  // Helm reads YAML 1.1.
  return parseAllDocuments(text, { version: "1.1" })
    .map((document) => document.toJSON() as unknown)
    .filter((object) => object !== null);
}

test("Helm's chart makes the same objects as the other contenders' manifests, apart from the Namespace", async () => {
  const models = modelIds(3);
  const files = await renderChart("bench-helm");
  const templates = Object.entries(files).filter(([path]) => path.startsWith("templates/"));
  const rendered = templates.flatMap(([, template]) => render(template, models));
  const [, ...wanted] = inOrder(await renderFleet({ namespace: "bench-helm", models }));
  expect(rendered).toEqual(JSON.parse(JSON.stringify(wanted)));
  expect(files["Chart.yaml"]).toBe("apiVersion: v2\nname: models\nversion: 1.0.0\n");
});
