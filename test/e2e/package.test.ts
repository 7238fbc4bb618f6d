import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { pulumiEnvironment } from "../../dev/pulumi-environment";
import { ensureTools, PULUMI_TOOLS } from "../../dev/toolchain/ensure";
import { ROOT } from "../../lib/paths";
import { installPackage } from "../support/installed-package";

const { kubeconfig } = inject("simulated");
const folder = mkdtempSync(join(tmpdir(), "modelfleet-package-"));
const project = join(folder, "my-team");
let env: Record<string, string>;

/** The types of the user's programs are checked once. */
const UNCHECKED = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** Runs a command in the user's project, or in another folder; it must succeed unless the test says otherwise. */
async function run(
  line: readonly string[],
  { cwd = project, reject = true, more = {} } = {},
): Promise<string> {
  const [command = "", ...args] = line;
  return (await execa(command, args, { cwd, env: { ...env, ...more }, all: true, stdin: "ignore", reject }))
    .all;
}

beforeAll(async () => {
  const cluster = { kubeconfig, ingressUrl: undefined };
  const tools = await ensureTools(PULUMI_TOOLS);
  env = pulumiEnvironment({ directory: join(folder, "state"), cluster, tools });
  const generate = ["pulumi", "new", join(ROOT, "template"), "--generate-only", "--yes"];
  await run([...generate, "--name", "my-team", "--description", "Models", "--dir", project], { cwd: folder });
  await installPackage(project);
});
afterAll(async () => {
  const namespaces = ["package", "package-own"];
  await run(["kubectl", "delete", "namespace", ...namespaces, "--ignore-not-found", "--wait=false"]);
  rmSync(folder, { recursive: true, force: true });
});

/** A user's program: a fleet, a model and an Ingress of its own, other objects, and transforms. */
const program = ({
  ingress = '"routes"',
  options = "{}",
  annotations = '"my-team.example/cost-center": "7"',
  name = "",
}) => `
import { ConfigMap, Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { createFleet, fleetOwner, ModelIngress, ModelService, modelSettings } from "modelfleet";

const annotate = (extra: Record<string, string>): pulumi.ResourceTransform => ({ type, props, opts }) =>
  type !== "kubernetes:apps/v1:Deployment" ? undefined : { props: { ...props, metadata: {
    ...props.metadata, ${name} annotations: { ...props.metadata.annotations, ...extra } } }, opts };
pulumi.runtime.registerResourceTransform(annotate({ ${annotations} }));
new ConfigMap("iris", { metadata: { name: "iris", namespace: "package-own" } }, {
  dependsOn: new Namespace("own", { metadata: { name: "package-own" } }),
});

export = async () => {
  const fleet = await createFleet();
  const scope = { namespace: "package-own", stack: fleetOwner() };
  const settings = modelSettings("wine", { image: "registry.example/model:1", replicas: 2 }, "/package-own");
  const wine = new ModelService("wine", { ...settings, ...scope, secretEnv: { KEY: pulumi.secret("not-a-real-key") } },
    { transforms: [annotate({ "my-team.example/model": "wine" })] });
  new ModelIngress(${ingress}, { ...scope, routing: { pathPrefix: "/package-own" },
    ingress: { className: "nginx", controller: "nginx", annotations: {} },
    routes: [wine.route] }, ${options});
  return fleet;
};
`;
const write = (options: Parameters<typeof program>[0]) =>
  writeFileSync(join(project, "index.ts"), program(options));

test("a project that pulumi new made, and the programs of docs/package.md, type-check with the package's declarations", async () => {
  const page = readFileSync(join(ROOT, "docs", "package.md"), "utf8");
  const programs = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text = ""], index) => {
    // Only an ES module may await outside a function.
    const name = `page-${index}.${text.includes("= await") ? "mts" : "ts"}`;
    const imports = text.includes("import ") ? "" : 'import * as pulumi from "@pulumi/pulumi";\n';
    writeFileSync(join(project, name), imports + text);
    return name;
  });
  expect(programs).toHaveLength(4);
  const config = { extends: "./tsconfig.json", files: ["index.ts", ...programs] };
  writeFileSync(join(project, "tsconfig.page.json"), JSON.stringify(config));
  expect(await run(["npx", "tsc", "-p", "tsconfig.page.json", "--skipLibCheck", "false"])).toBe("");
});

test("its program deploys a fleet of the package, a model and an Ingress, and its transforms reach the cluster", async () => {
  write({});
  await run(["pulumi", "stack", "init", "prod", "--non-interactive"]);
  await run([
    ...["pulumi", "config", "set-all", "--path", "--plaintext", "modelfleet:namespace=package"],
    ...["--plaintext", "modelfleet:routing.pathPrefix=/package", "--plaintext", "modelfleet:models=iris"],
    ...["--plaintext", "modelfleet:defaults.image=registry.example/model:1"],
  ]);
  await run(["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"]);

  const deployments = JSON.parse(
    await run([
      "kubectl",
      "get",
      "deployments",
      "-A",
      "-l",
      "app.kubernetes.io/part-of=modelfleet",
      "-o",
      "json",
    ]),
  ) as { items: { metadata: { namespace: string; name: string; annotations: Record<string, string> } }[] };
  const own = deployments.items
    .filter(({ metadata }) => metadata.namespace.startsWith("package"))
    .map(({ metadata: { name, annotations } }) => [
      name,
      annotations["modelfleet.dev/stack"],
      annotations["my-team.example/cost-center"],
      annotations["my-team.example/model"],
    ]);
  expect(own.sort()).toEqual([
    ["iris", "my-team/prod", "7", undefined],
    ["wine", "my-team/prod", "7", "wine"],
  ]);
  expect(await run(["npx", "modelfleet", "status"])).toMatch(/^iris +1\/1 /m);
});

test("a component that is renamed with an alias changes nothing", async () => {
  write({ ingress: '"paths"', options: '{ aliases: [{ name: "routes" }] }' });
  await run(["pulumi", "preview", "--expect-no-changes", "--non-interactive"], { more: UNCHECKED });
});

test("a transform that renames an object of the fleet is refused", async () => {
  write({ name: "name: `${props.metadata.name}-2`," });
  expect(await run(["pulumi", "preview", "--non-interactive"], { reject: false, more: UNCHECKED })).toContain(
    'deployment/iris: a transform of the program makes it deployment/iris-2 in namespace "package"',
  );
});

test("a preview and the program modelfleet work in a checkout with the packages of npm ci --omit=dev, without dev/", async () => {
  const checkout = join(folder, "checkout");
  mkdirSync(checkout);
  const left = new Set(["node_modules", ".git", ".modelfleet", "dev", "dist", "test", "Pulumi.dev.yaml"]);
  cpSync(ROOT, checkout, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(project, "node_modules"), join(checkout, "node_modules"));
  const here = { cwd: checkout };
  await run(["pulumi", "stack", "init", "prod", "--non-interactive"], here);
  // With a secret, since the program reads the stack's file only then.
  await run(
    [
      ...["pulumi", "config", "set-all", "--path", "--plaintext", "namespace=without-dev"],
      ...["--plaintext", "routing.pathPrefix=/without-dev", "--plaintext", "models=iris"],
      ...["--plaintext", "defaults.image=registry.example/model:1"],
      ...["--secret", "secrets.iris.API_KEY=not-a-real-key"],
    ],
    here,
  );
  expect(await run(["pulumi", "preview", "--non-interactive"], here)).toContain(
    "kubernetes:apps/v1:Deployment iris create",
  );
  expect(await run(["node", "cli/run.mjs", "--help"], here)).toContain("list");
});
