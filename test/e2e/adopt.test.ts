import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pythonPackages } from "../../dev/toolchain/python";
import { ROOT } from "../../lib/paths";
import { say } from "../../lib/progress";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict, underLoad } from "../support/traffic";
import { Workspace } from "../support/workspace";

const MODELS = ["iris", "wine"];
const KEY = "key-of-all-models-4711";
const REGISTRY = { server: "registry.example", username: "puller", password: "word-of-puller-4711" };

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
}
interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly initContainers: Container[]; readonly containers: Container[] };
    };
  };
}

/** A container of the example's image that runs a script instead. The volume has a name that settings keep for themselves. */
const node = (name: string, script: string) => ({
  ...{ name, image: EXAMPLE_DEFAULTS.image, volumeMounts: [{ name: "model", mountPath: "/files" }] },
  command: ["/usr/local/bin/node", "-e", script],
});
const GOES_ON = `process.on("SIGTERM", () => process.exit()); setInterval(() => undefined, 1000);`;
const TOLERATIONS = [{ key: "example.com/gpu", operator: "Exists", effect: "NoSchedule" }];
const POD = {
  ...{ nodeSelector: { "kubernetes.io/os": "linux" }, tolerations: TOLERATIONS },
  volumes: [{ name: "model", emptyDir: {} }],
  initContainers: [node("write", `require("fs").writeFileSync("/files/name", "iris")`)],
  containers: [
    { ...node("beside", GOES_ON), volumeMounts: [] },
    // It fails if it starts before the file is there.
    node("reader", `require("fs").readFileSync("/files/name"); ${GOES_ON}`),
  ],
};

describeReal("models of a script", (cluster) => {
  let fleet: Workspace;
  let reason: string | undefined;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "adopt",
      cluster,
      config: {
        namespace: "adopt",
        models: [],
        defaults: EXAMPLE_DEFAULTS,
        ingress: { className: "traefik" },
      },
    });
    const python = await pythonPackages();
    if ("reason" in python) {
      reason = python.reason;
      return;
    }
    const input = {
      ...{ namespace: "adopt", prefix: "/adopt", image: EXAMPLE_DEFAULTS.image },
      ...{ models: MODELS, keys: { API_KEY: KEY }, registry: REGISTRY, pods: { iris: POD } },
    };
    const script = join(ROOT, "test", "support", "old_script.py");
    await execa(python.interpreter, [script, JSON.stringify(input)], { env: { ...fleet.env } });
    for (const args of [
      ["deployment", "others", `--image=${EXAMPLE_DEFAULTS.image}`, "--replicas=0"],
      ["service", "clusterip", "others", "--tcp=80"],
    ])
      await fleet.kubectl("create", ...args, "--namespace", "adopt");
  });
  afterAll(() => fleet.remove("adopt"));

  const url = (id: string) => `${cluster.ingressUrl}/adopt/${id}`;
  const names = async (kind: string) =>
    (await fleet.kubectl("get", kind, "-n", "adopt", "-o", "name")).trim().split("\n").sort();

  test("move into the fleet without a failed request, and their old objects are deleted", async ({
    skip,
  }) => {
    if (reason !== undefined) {
      say(`skipped: models of a script (${reason})`);
      return skip();
    }
    for (const [path, id] of [...MODELS.map((one) => [one, one] as const), ["former-iris", "iris"] as const])
      await eventually(async () => expect((await predict(url(path), id)).status).toBe(200));

    const { result, failed, answered, statuses } = await underLoad(url("iris"), "iris", () =>
      fleet.modelfleet(["adopt", "--delete-old", "--yes"]),
    );

    expect(result.exitCode, result.text).toBe(0);
    expect({ failed, statuses }).toEqual({ failed: 0, statuses: { 200: answered } });
    expect(result.text).toContain(`registry: set (${REGISTRY.server}, user ${REGISTRY.username})`);
    const deployments = await names("deployment");
    expect(deployments).toEqual(["iris", "others", "wine"].map((name) => `deployment.apps/${name}`));
    expect(await names("service")).toEqual(["iris", "others", "wine"].map((name) => `service/${name}`));
    expect(await names("secret")).not.toContain("secret/registry-secret");
    expect(await names("secret")).toContain("secret/keys");
    expect(await names("horizontalpodautoscaler")).toEqual([""]);
    const own = JSON.parse(
      await fleet.kubectl("get", "deployment", "iris", "-n", "adopt", "-o", "json"),
    ) as Deployment;
    const { initContainers, containers, ...pod } = own.spec.template.spec;
    expect(pod).toMatchObject({ nodeSelector: POD.nodeSelector, tolerations: TOLERATIONS });
    expect([...initContainers, ...containers].map((one) => [one.name, one.restartPolicy])).toEqual([
      ["beside", "Always"],
      ...["write", "model", "reader"].map((name) => [name, undefined]),
    ]);
    const paths = "jsonpath={.spec.rules[*].http.paths[*].path}";
    expect(await fleet.kubectl("get", "ingress", "ingress", "-n", "adopt", "-o", paths)).toBe(
      "/adopt-of-others",
    );
    for (const id of MODELS) expect((await predict(url(id), id)).status).toBe(200);
    expect((await predict(url("former-iris"), "iris")).status).toBe(200);
    const settings = readFileSync(fleet.settingsFile, "utf8");
    expect(settings).not.toContain("modelfleet:adopt");
    for (const secret of [KEY, REGISTRY.password]) expect(settings + result.text).not.toContain(secret);
  });
});
