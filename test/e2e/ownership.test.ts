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

  test("makes preview and update fail with its name and is not changed, whatever its kind", async () => {
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
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { exitCode, text } = await fleet.pulumi(...command);
      expect(exitCode).not.toBe(0);
      expect(text).toContain(`4 objects in namespace "owned" would be overwritten by stack "owned"`);
      for (const [index, object] of names.entries()) {
        expect(text).toContain(`${object}: exists already and was not made by this stack`);
        expect(text).toContain(`pulumi config set --path 'adopt[${index}]' ${object}`);
      }
      expect(text).toContain("rename the model");
      expect(text).toContain("give this fleet a namespace of its own");
      expect(text).not.toMatch(/^\s+at /m);
    }
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
    expect(text).toContain("deployment/iris: has another selector, which is immutable");
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
    expect(text).toContain("service/wine has port 8080/TCP, which this stack did not set");
    expect(await kubectl("get", "service/wine", "-o", "jsonpath={.spec.ports[*].port}")).toBe("80");
    expect(await fleet.objects()).toContain("secret/iris-env");
    const selector = await kubectl("get", "service/wine", "-o", "jsonpath={.spec.selector}");
    expect(JSON.parse(selector)).toMatchObject({
      "app.kubernetes.io/name": "wine",
      "app.kubernetes.io/instance": "owned",
      "modelfleet.dev/variant": "default",
    });
    fleet.configure({ adopt: undefined });
    await fleet.up();
  });

  test("is taken over without adopt if the stack made it and then lost its state", async () => {
    const objects = await fleet.objects();
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

test("two stacks whose long names differ only at the end are two owners", async () => {
  const begin = `twins-${"x".repeat(62)}`;
  const config = { namespace: "twins", models: ["iris"], defaults: { image: "registry.example/model:1" } };
  const [first, second] = [
    await Workspace.create({ stack: `${begin}-a`, cluster, config }),
    await Workspace.create({ stack: `${begin}-b`, cluster, config }),
  ];
  await first.up();
  const objects = await first.objects();
  expect(objects).toContain("deployment/iris");

  const { exitCode, text } = await second.pulumi("up", "--yes", "--skip-preview");
  expect(exitCode).not.toBe(0);
  expect(text).toContain("deployment/iris: exists already and was not made by this stack");
  await second.must("destroy", "--yes", "--skip-preview");
  expect(await first.objects()).toEqual(objects);
  await first.remove("twins");
  await second.remove("twins");
});
