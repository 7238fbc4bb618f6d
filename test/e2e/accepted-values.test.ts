import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { deploymentSpec } from "../../components/pod/deployment";
import { modelOf, problems, withImage } from "../support/settings";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");

/** Settings of a model that the program accepts. */
const ACCEPTED: Record<string, unknown>[] = [
  { resources: { requests: { cpu: "0.5", memory: "1.5Gi" }, limits: { memory: "2e9" } } },
  { resources: { requests: { cpu: "1m", memory: "1" }, limits: { memory: "8E" } } },
  { resources: { limits: { "nvidia.com/gpu": "1", "hugepages-2Mi": "4Mi" } } },
  { resources: { requests: { "ephemeral-storage": ".5Ki" }, limits: {} } },
  { env: { "a.b-c": "1", _A: "$(a.b-c)", Z: "$$(x)" }, args: ["$(_A)", "$(MODEL_NAME)"] },
  { labels: { "example.com/a.b_c": "x.y_z-1", empty: "" }, annotations: { "example.com/x": "{}" } },
  { readinessPath: "/a?b=c%20d", startupSeconds: 7200, runAsUser: 2147483647, port: 65535 },
];

/** Settings that the program refuses because the API server does. */
const REFUSED: [settings: Record<string, unknown>, reason: RegExp][] = [
  [
    { resources: { requests: { "nvidia.com/gpu": "1" } } },
    /Limit must be set for non overcommitable resources/,
  ],
  [
    { resources: { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "2" } } },
    /must be equal to nvidia.com\/gpu limit/,
  ],
  [{ resources: { limits: { "nvidia.com/gpu": "0.5" } } }, /must be an integer/],
  [{ resources: { limits: { "requests.example.com/gpu": "1" } } }, /extended resource name standard/],
  [{ labels: { "a..b/c": "x" } }, /Invalid value: "a..b\/c"/],
];

let fleet: Workspace;
beforeAll(async () => {
  fleet = await Workspace.create({ stack: "values", cluster, config: {} });
});
afterAll(() => fleet.remove("values"));

/** What the API server says of Deployments with these resources and labels, in a dry run. */
async function dryRun(specs: readonly object[]): Promise<string> {
  const items = specs.map((spec, index) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `m${index}`, namespace: "default" },
    spec,
  }));
  const file = join(fleet.directory, "deployments.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return (await fleet.shell(`kubectl create --dry-run=server --filename ${file}`)).text;
}

test("the API server accepts what the program accepts", async () => {
  const specs = ACCEPTED.map((settings, index) =>
    deploymentSpec(modelOf(settings), { name: `m${index}`, stack: "values" }),
  );
  const text = await dryRun(specs);
  expect(text.match(/created \(server dry run\)/g), text).toHaveLength(ACCEPTED.length);
});

test("the API server refuses what the program refuses", async () => {
  const [good] = ACCEPTED.map((settings) =>
    deploymentSpec(modelOf(settings), { name: "m", stack: "values" }),
  );
  const specs = REFUSED.map(([{ resources, labels }]) => {
    const spec = structuredClone(good) as unknown as {
      template: { metadata: { labels: object }; spec: { containers: { resources: unknown }[] } };
    };
    Object.assign(spec.template.metadata.labels, labels);
    if (resources !== undefined)
      for (const container of spec.template.spec.containers) container.resources = resources;
    return spec;
  });
  const text = await dryRun(specs);
  for (const [settings, reason] of REFUSED) {
    expect(problems(withImage({ catalog: { iris: settings } }))).toHaveLength(1);
    expect(text).toMatch(reason);
  }
  expect(text).not.toContain("created");
});
