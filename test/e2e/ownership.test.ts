import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");

describe("an existing object with an announced name that this stack did not make", () => {
  let fleet: Workspace;
  const kubectl = (...args: string[]) => fleet.kubectl(...args, "-n", "owned");

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "owned",
      cluster,
      config: {
        namespace: "owned",
        models: ["iris", "wine"],
        defaults: { image: "registry.example/model:1" },
      },
    });
    await fleet.kubectl("create", "namespace", "owned");
  });
  afterAll(() => fleet.remove("owned"));

  test("makes the update fail with its name and is not changed, whatever its kind", async () => {
    const theirs: Record<string, string[]> = {
      "deployment/iris": ["deployment", "iris", "--image=other.example/team:1"],
      "service/wine": ["service", "clusterip", "wine", "--tcp=80"],
      "secret/iris-env": ["secret", "generic", "iris-env", "--from-literal=A=theirs"],
      "ingress/modelfleet": ["ingress", "modelfleet", "--rule=other.example/*=theirs:80"],
    };
    const names = Object.keys(theirs).sort();
    for (const args of Object.values(theirs)) await kubectl("create", ...args);
    // Without the resourceVersion: a Deployment's controller may write its status at any time.
    const look = () =>
      kubectl("get", ...names, "-o", "jsonpath={.items[*]['metadata.uid','metadata.labels','spec','data']}");
    const before = await look();
    // That a preview checks the same is shown below and in other files.
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toMatch(/4 problems in the cluster at http.*; nothing was changed:/);
    for (const [index, object] of names.entries()) {
      expect(text).toContain(`${object} in namespace "owned": exists already and was not made by this stack`);
      expect(text).toContain(`pulumi config set --path 'adopt[${index}]' ${object}`);
    }
    expect(text).toContain("rename the model");
    expect(text).toContain("give this fleet a namespace of its own");
    expect(text).not.toMatch(/^\s+at /m);
    expect(await look()).toBe(before);
    expect(await kubectl("get", ...names, "-o", "yaml", "--show-managed-fields")).not.toContain(
      "modelfleet-owned",
    );
    expect(await fleet.objects()).toEqual([]);
    await kubectl("delete", ...names);
  });

  test("cannot be adopted if it is a Deployment with another selector", async () => {
    await kubectl("create", "deployment", "iris", "--image=other.example/team:1");
    fleet.configure({ adopt: ["deployment/iris"] });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain('deployment/iris in namespace "owned": has another selector, which is immutable');
    expect(await fleet.objects()).toEqual([]);
    await kubectl("delete", "deployment/iris");
  });

  test("is taken over if adopt lists it", async () => {
    await kubectl("create", "secret", "generic", "iris-env", "--from-literal=A=theirs");
    // Of another type than the fleet's own, as the script that came before made it.
    await kubectl(
      ...["create", "secret", "docker-registry", "modelfleet-registry", "--docker-server=registry.example"],
      ...["--docker-username=u", "--docker-password=theirs"],
    );
    await kubectl("create", "service", "clusterip", "wine", "--tcp=8080", "--field-manager=script");
    fleet.configure({ adopt: ["secret/iris-env", "secret/modelfleet-registry", "service/wine"] });
    const text = await fleet.up();
    expect(text).toContain("service/wine: script set spec.ports; the settings decide these fields");
    expect(await kubectl("get", "service/wine", "-o", "jsonpath={.spec.ports[*].port}")).toBe("80");
    expect(await fleet.objects()).toContain("secret/iris-env");
    const selector = await kubectl("get", "service/wine", "-o", "jsonpath={.spec.selector}");
    expect(JSON.parse(selector)).toMatchObject({
      "app.kubernetes.io/name": "wine",
      "app.kubernetes.io/instance": "owned",
      "modelfleet.dev/variant": "default",
    });
  });

  test("is taken over without adopt if the stack made it and then lost its state", async () => {
    const objects = await fleet.objects();
    fleet.configure({ adopt: undefined });
    await fleet.must("stack", "rm", "--force", "--yes", "--preserve-config");
    await fleet.must("stack", "init", "owned");
    await fleet.up();
    expect(await fleet.objects()).toEqual(objects);
  });

  test("is used as it is if it is the namespace, and stays after the fleet is destroyed", async () => {
    await kubectl("create", "configmap", "theirs");
    await fleet.must("destroy", "--yes", "--skip-preview");
    expect(await fleet.objects()).toEqual([]);
    expect(await kubectl("get", "configmap/theirs", "-o", "name")).toBe("configmap/theirs");
    const labels = await fleet.kubectl("get", "namespace", "owned", "-o", "jsonpath={.metadata.labels}");
    expect(labels).not.toContain("modelfleet");
  });
});

describe("two stacks whose long names differ only at the end", () => {
  const begin = `twins-${"x".repeat(62)}`;
  const config = {
    namespace: "twins",
    models: ["iris"],
    defaults: { image: "registry.example/model:1" },
    routing: { pathPrefix: "/twins" },
  };
  let first: Workspace;
  let second: Workspace;

  beforeAll(async () => {
    first = await Workspace.create({ stack: `${begin}-a`, cluster, config });
    second = await Workspace.create({ stack: `${begin}-b`, cluster, config });
    await first.up();
  });
  afterAll(async () => {
    await first.remove("twins");
    await second.remove("twins");
  });

  test("are two owners", async () => {
    const objects = await first.objects();
    expect(objects).toContain("deployment/iris");

    const { exitCode, text } = await second.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(
      'deployment/iris in namespace "twins": exists already and was not made by this stack',
    );
    await second.must("destroy", "--yes", "--skip-preview");
    expect(await first.objects()).toEqual(objects);
  });

  describe("in two namespaces", () => {
    let report: string;
    const finalizers = (...list: string[]) =>
      second.kubectl(
        ...["patch", "configmap", "held", "-n", "twins-2", "--type=merge", "-p"],
        JSON.stringify({ metadata: { finalizers: list } }),
      );

    beforeAll(async () => {
      await second.kubectl("create", "namespace", "twins-2");
      await second.kubectl("create", "configmap", "held", "-n", "twins-2");
      await finalizers("example.com/hold");
      await second.kubectl("delete", "namespace", "twins-2", "--wait=false");
      const held = "{.status.conditions[?(@.type=='NamespaceFinalizersRemaining')].status}";
      await second.kubectl("wait", "namespace/twins-2", `--for=jsonpath=${held}=True`, "--timeout=60s");
      second.configure({ namespace: "twins-2" });
      const { exitCode, text } = await second.pulumi("preview");
      expect(exitCode).not.toBe(0);
      report = text;
      await finalizers();
    });

    test("cannot route the same path", () => {
      expect(report).toContain(
        `routing: /twins/iris on every host is routed by ingress/twins/modelfleet (stack "${begin}-a") already`,
      );
      expect(report).toContain("pulumi config set --path 'adopt[0]' ingress/twins/modelfleet");
    });

    test("cannot be in one that is being deleted, and are told what holds it", () => {
      expect(report).toMatch(
        /namespace "twins-2": is being deleted since .*example\.com\/hold in 1 resource/,
      );
    });
  });
});

describe("a fleet that runs", () => {
  let fleet: Workspace;
  const otherId = "7d3a5f0e-1c2b-4d6e-8f90-a1b2c3d4e5f6";

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "stays",
      cluster,
      config: { namespace: "stays", models: ["iris"], defaults: { image: "registry.example/model:1" } },
      env: { MODELFLEET_CLUSTER_ID: "" },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove("stays"));

  test("is not moved to another namespace or another cluster than that of its last update", async () => {
    const id = await fleet.kubectl("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}");
    expect(await fleet.output("clusterId")).toBe(id);
    // As if the last update had gone to another cluster.
    const state = fleet.state();
    fleet.writeState(state.replaceAll(id, otherId));
    fleet.configure({ namespace: "elsewhere" });
    const { exitCode, text } = await fleet.pulumi("preview");
    fleet.writeState(state);
    fleet.configure({ namespace: "stays" });
    expect(exitCode).not.toBe(0);
    expect(text).toMatch(/2 problems in the cluster at/);
    expect(text).toContain(`the last update of this stack went to the cluster ${otherId};`);
    expect(text).toContain(`pulumi config set clusterId ${id}`);
    expect(text).toContain('namespace: "elsewhere" is not "stays", where the fleet of this stack runs');
  });

  test("has one sentence about its namespace if that is gone", async () => {
    await fleet.kubectl("delete", "namespace", "stays", "--timeout=60s");
    // A change, so that requests would be sent.
    fleet.configure({ defaults: { image: "registry.example/model:2" } });
    const { exitCode, text } = await fleet.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain('namespace "stays" is missing in the cluster');
    expect(text).toContain("`pulumi up --refresh` creates them again");
    expect(text).not.toContain("not found");
  });
});
