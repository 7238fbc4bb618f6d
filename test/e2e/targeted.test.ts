import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { TARGETED_BY } from "../../config/targeted";
import { killProcesses, MARK } from "../../dev/cluster/processes";
import { ROOT } from "../../lib/paths";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const NAMESPACE = "targeted";
const KEY = "key-of-churn-4711";

interface Resource {
  readonly urn: string;
  readonly [field: string]: unknown;
}

describe("a verb that changes one model", () => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "targeted",
      cluster,
      config: {
        namespace: NAMESPACE,
        models: ["iris", "wine"],
        catalog: { wine: { image: "registry.example/wine:1" } },
        defaults: { image: "registry.example/model:1" },
        routing: { pathPrefix: "/targeted", defaultBackend: { image: "registry.example/404:1" } },
      },
    });
    // A record is made by the first update.
    await fleet.up();
  });
  afterAll(() => fleet.remove(NAMESPACE));

  /** The resources of the state by URN, without what every update writes anew. */
  const resources = () => {
    const { checkpoint } = JSON.parse(fleet.state()) as {
      checkpoint: { latest: { resources: Resource[] } };
    };
    return new Map(checkpoint.latest.resources.map((one) => [one.urn, JSON.stringify(one, settled)]));
  };

  /** Pulumi encrypts again in every update, notes how an object was created, and lists dependencies in any order. */
  function settled(key: string, value: unknown): unknown {
    if (key === "ciphertext" || key === "ignoreChanges") return undefined;
    const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
    return isList ? [...value].sort() : value;
  }

  /** Runs a verb that need not update the whole fleet. @returns what it printed, and the resources that the state has otherwise */
  async function changed(args: readonly string[], input?: string) {
    const before = resources();
    const { exitCode, text } = await fleet.modelfleet([...args, "--yes"], input);
    expect(exitCode, text).toBe(0);
    expect(text).not.toContain("The whole fleet is updated");
    const after = resources();
    const urns = [...new Set([...before.keys(), ...after.keys()])];
    const others = urns.filter((urn) => before.get(urn) !== after.get(urn));
    return { text, names: others.map((urn) => urn.split("::").slice(2).join("::").split("$").at(-1)).sort() };
  }

  /** What an update of the whole fleet would still do: nothing. */
  const nothingLeft = () => fleet.must("preview", "--expect-no-changes");

  const STACK = "pulumi:pulumi:Stack::modelfleet-targeted";
  const ingress = () =>
    fleet.kubectl("get", "ingress", "modelfleet", "-n", NAMESPACE, "-o", "jsonpath={.spec}");

  test("updates the model, and what is made of the list: the rest of the state stays as it is", async () => {
    const { text, names } = await changed(["deploy", "churn"]);
    expect(text).toContain("+ churn: image registry.example/model:1, 1 pod");
    expect(names).toEqual([
      "kubernetes:apps/v1:Deployment::churn",
      "kubernetes:apps/v1:Deployment::default-backend",
      "kubernetes:core/v1:Secret::churn",
      "kubernetes:core/v1:Service::churn",
      "kubernetes:networking.k8s.io/v1:Ingress::models",
      "modelfleet:serving:ModelService::churn",
      STACK,
    ]);
    expect(Object.keys(await fleet.output<object>("urls"))).toEqual(["churn", "iris", "wine"]);
    await nothingLeft();
  });

  test("changes only the Deployment for another image", async () => {
    const { text, names } = await changed(["deploy", "churn", "--image", "registry.example/churn:2"]);
    expect(text).toContain(
      "~ churn: image registry.example/model:1 -> registry.example/churn:2, restarts 1 pod",
    );
    expect(names).toEqual(["kubernetes:apps/v1:Deployment::churn", STACK]);
  });

  test("makes a version of the Secret for a changed secret", async () => {
    const { names } = await changed(["deploy", "churn", "--secret", "API_KEY"], `${KEY}\n`);
    expect(names).toEqual([
      "kubernetes:apps/v1:Deployment::churn",
      "kubernetes:core/v1:Secret::churn.version",
    ]);
    expect(fleet.state()).not.toContain(KEY);
  });

  test("changes only the Ingress for another path", async () => {
    const path = ["--set", "path=/targeted/fraud", "--set", 'aliases=["/targeted/churn"]'];
    const { names } = await changed(["deploy", "churn", ...path]);
    expect(names).toEqual(["kubernetes:networking.k8s.io/v1:Ingress::models", STACK]);
    await nothingLeft();
  });

  test("deletes an object that the model no longer needs, and all of them with the model", async () => {
    await changed(["deploy", "churn", "--set", "replicas=2"]);
    expect(await fleet.objects()).toContain("poddisruptionbudget/churn");
    await changed(["deploy", "churn", "--set", "replicas=1"]);
    expect(await fleet.objects()).not.toContain("poddisruptionbudget/churn");
    await changed(["delete", "churn", "--purge"]);
    expect((await fleet.objects()).filter((object) => object.includes("/churn"))).toEqual([]);
    await nothingLeft();
  });

  test("updates the whole fleet if another model has changed too, and says so", async () => {
    fleet.configure({ catalog: { wine: { image: "registry.example/wine:2" } } });
    const { exitCode, text } = await fleet.modelfleet(["deploy", "iris", "--set", "env.A=1", "--yes"]);
    expect(exitCode, text).toBe(0);
    expect(text).toContain(
      "The whole fleet is updated: other models have changed since the last update too: wine.",
    );
    expect(text).toContain("updated Deployment wine");
    await nothingLeft();
  });

  test("that fails changes no route, and the next one updates the whole fleet", async () => {
    const routes = await ingress();
    await fleet.kubectl("create", "quota", "full", "--hard=count/services=0", "-n", NAMESPACE);
    const failed = await fleet.modelfleet(["deploy", "churn", "--yes"]);
    expect(failed.exitCode).toBe(1);
    expect(failed.text).toContain("no route was changed, because service/churn was not applied");
    expect(await ingress()).toBe(routes);
    await fleet.kubectl("delete", "quota", "full", "-n", NAMESPACE);
    const { exitCode, text } = await fleet.modelfleet(["deploy", "churn", "--yes"]);
    expect(exitCode, text).toBe(0);
    expect(text).toContain("The whole fleet is updated: the last update failed");
    await nothingLeft();
  });

  test("that is killed leaves a fleet which the next update of the whole fleet completes", async () => {
    const verb = execa(process.execPath, [join(ROOT, "cli", "run.mjs"), "deploy", "fraud", "--yes"], {
      ...{ cwd: fleet.directory, env: { ...fleet.env, [MARK]: fleet.directory }, reject: false },
    });
    createInterface({ input: verb.stderr }).on("line", (line) => {
      if (line.includes("created ")) void killProcesses(fleet.directory);
    });
    const { signal, stderr } = await verb;
    expect(signal, stderr).toBe("SIGKILL");
    await fleet.pulumi("cancel", "--yes");
    await fleet.up();
    expect(await fleet.objects()).toEqual(expect.arrayContaining(["deployment/fraud", "service/fraud"]));
    await nothingLeft();
  });

  test("leaves a variable that deletes nothing if a shell still has it", async () => {
    const shell = fleet.with({ [TARGETED_BY]: "/tmp/none-such" });
    const { exitCode, text } = await shell.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(`${TARGETED_BY}: there is no request at "/tmp/none-such"`);
    await nothingLeft();
  });

  describe("diff", () => {
    const diff = async (...args: readonly string[]) => {
      const { text, stdout } = await fleet.modelfleet(["diff", "--json", ...args]);
      return { text, change: JSON.parse(stdout) as object };
    };

    test("looks at no model if none has changed", async () => {
      fleet.configure({ models: ["a", "b", "c", "d", "e", "iris", "wine"] });
      await fleet.up();
      const { text, change } = await diff();
      expect(text).not.toContain("The whole fleet is previewed");
      expect(change).toMatchObject({
        models: [],
        fleet: [],
        totals: { before: { pods: 8 }, after: { pods: 8 } },
      });
    });

    test("of the models that have changed says what that of the whole fleet says", async () => {
      fleet.configure({ models: ["a", "b", "c", "d", "e", "wine", "z"] });
      fleet.configure({ catalog: { wine: { image: "registry.example/wine:3" } } });
      const { text, change } = await diff();
      expect(text).not.toContain("The whole fleet is previewed");
      expect(change).toMatchObject({
        models: [
          { id: "iris", kind: "deleted" },
          { id: "wine", kind: "changed" },
          { id: "z", kind: "added" },
        ],
      });
      expect(change).toEqual((await diff("--refresh")).change);
    });

    test("looks at the whole fleet if somebody changed it, and says so", async () => {
      await fleet.kubectl("set", "env", "deployment/a", "EXTRA=1", "-n", NAMESPACE);
      const { text } = await diff();
      expect(text).toContain("The whole fleet is previewed: somebody changed deployment/a.");
    });
  });
});
