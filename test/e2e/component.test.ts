import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { pulumiEnvironment } from "../../dev/pulumi-environment";
import { ensureTools, PULUMI_TOOLS } from "../../dev/toolchain/ensure";
import { pythonPackages } from "../../dev/toolchain/python";
import { GO_MODULES } from "../../dev/toolchain/versions";
import { ROOT } from "../../lib/paths";
import { say } from "../../lib/progress";

const { kubeconfig } = inject("simulated");

/** A user's program: the component, and the stack's outputs by the names under which the commands read them. */
const PROGRAM = `
import pulumi
import pulumi_modelfleet as modelfleet

fleet = modelfleet.Fleet("fleet")
pulumi.export("namespace", fleet.namespace)
pulumi.export("urls", fleet.urls)
pulumi.export("models", fleet.models)
pulumi.export("clusterId", fleet.cluster_id)
`;

const python = await pythonPackages();
if ("reason" in python) {
  say(`skipped: a program in Python (it needs Python 3 with pip: ${python.reason})`);
  describe.skip("a program in Python");
} else {
  test("a program in Python deploys a fleet with the component of this repository, and sees its problems", async () => {
    const { run, must } = await project(python.folder);
    const config = (...settings: string[]) =>
      must("pulumi", "config", "set-all", "--path", ...settings.flatMap((one) => ["--plaintext", one]));
    await must("pulumi", "package", "gen-sdk", join(ROOT, "plugin"), "--language", "python", "--out", "sdks");
    // With the packages that are there, so that nothing is downloaded.
    await must(
      ...[python.interpreter, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"],
      ...["--disable-pip-version-check", "--target", "site", join("sdks", "python")],
    );
    await must("pulumi", "stack", "init", "prod");
    await config(
      ...["modelfleet:namespace=component", "modelfleet:routing.pathPrefix=/component"],
      ...["modelfleet:models=iris", "modelfleet:defaults.image=registry.example/model:1"],
    );
    await must(
      "pulumi",
      "config",
      "set",
      "--secret",
      "--path",
      "modelfleet:secrets.iris.KEY",
      "not-a-real-key",
    );

    await must("pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
    const owners = "jsonpath={.items[*].metadata.annotations.modelfleet\\.dev/stack}";
    const get = [
      "kubectl",
      "get",
      "deployments,services,ingresses",
      "-n",
      "component",
      "-o",
      owners,
    ] as const;
    expect(await must(...get)).toBe("team/prod team/prod team/prod");
    expect(JSON.parse(await must("pulumi", "stack", "output", "urls", "--json"))).toEqual({
      iris: "/component/iris",
    });

    // Pods that no node can run are not ready.
    await config(
      ...["modelfleet:catalog.iris.nodeSelector.zone=nowhere", "modelfleet:catalog.iris.startupSeconds=5"],
      "modelfleet:nodeAutoscaling=true",
    );
    const late = await run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
    expect(late.exitCode).not.toBe(0);
    expect(late.all).toContain('error: model "iris" is not ready; an earlier release of it goes on serving');

    await config("modelfleet:defaults.replica=2");
    const { exitCode, all } = await run("pulumi", "preview", "--non-interactive");
    expect(exitCode).not.toBe(0);
    expect(all).toContain('defaults.replica: unknown key; did you mean "replicas"?');
  });
}

/** A project in Python, with Pulumi's language host for it. */
async function project(virtualenv: string) {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-component-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const tools = await ensureTools([...PULUMI_TOOLS, "pulumi-language-python"]);
  const cluster = { kubeconfig, ingressUrl: undefined };
  const place = pulumiEnvironment({ directory: join(folder, "state"), cluster, tools });
  const bin = join(folder, "bin");
  mkdirSync(bin);
  linkSync(tools["pulumi-language-python"], join(bin, "pulumi-language-python"));
  linkSync(
    join(GO_MODULES, "pulumi-language-python", "pulumi-language-python-exec"),
    join(bin, "pulumi-language-python-exec"),
  );
  const plugins = { providers: [{ name: "modelfleet", path: join(ROOT, "plugin") }] };
  const runtime = { name: "python", options: { virtualenv } };
  // JSON is YAML too.
  writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "team", runtime, plugins }));
  writeFileSync(join(folder, "__main__.py"), PROGRAM);
  const env = {
    ...place,
    PATH: [bin, place["PATH"]].join(delimiter),
    PYTHONPATH: join(folder, "site"),
  };
  const run = (command: string, ...args: string[]) =>
    execa(command, args, { cwd: folder, env, all: true, stdin: "ignore", reject: false });
  const must = async (command: string, ...args: string[]): Promise<string> => {
    const { exitCode, stdout, all } = await run(command, ...args);
    expect(exitCode, all).toBe(0);
    return stdout;
  };
  onTestFinished(
    () => void must("kubectl", "delete", "namespace", "component", "--ignore-not-found", "--wait=false"),
  );
  return { run, must };
}
