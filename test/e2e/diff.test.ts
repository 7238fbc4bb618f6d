import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { changes, Workspace } from "../support/workspace";

const cluster = inject("simulated");

describe("modelfleet diff", () => {
  let fleet: Workspace;
  const SECRETS = ["first-value-of-key", "next-value-of-key"];

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "diff",
      cluster,
      config: {
        namespace: "diff",
        models: ["churn", "iris", "wine"],
        defaults: {
          image: "registry.example/model:1.4",
          resources: { requests: { cpu: "10m", memory: "16Mi" } },
        },
        catalog: { churn: { replicas: 3 } },
      },
    });
    await fleet.must("config", "set", "--secret", "--path", "secrets.churn.API_KEY", SECRETS[0] ?? "");
    await fleet.up();
  });
  afterAll(() => fleet.remove("diff"));
  const diff = (...args: readonly string[]) => fleet.modelfleet(["diff", "--stack", "diff", ...args]);

  test("tells what pulumi up then does: a deleted, a changed and an added model, a secret by its name alone", async () => {
    fleet.configure({
      models: ["churn", "fraud", "wine"],
      catalog: { churn: { replicas: 3, image: "registry.example/model:1.5" }, fraud: { image: "a/b:1" } },
    });
    await fleet.must("config", "set", "--secret", "--path", "secrets.churn.API_KEY", SECRETS[1] ?? "");
    const { exitCode, stdout, text } = await diff();
    expect(stdout.split("\n")).toEqual([
      "- iris: its path /diff/iris goes, 1 pod stops",
      "~ churn: image 1.4 -> 1.5, secret API_KEY changes, restarts 3 pods",
      "+ fraud: image a/b:1, 1 pod, cpu 10m, memory 16Mi, /diff/fraud",
      "Total: 5 pods, cpu 50m, memory 80Mi",
    ]);
    expect(exitCode).toBe(0);
    for (const secret of SECRETS) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString("base64"));
    }
    const generation = () =>
      fleet.kubectl("get", "deployment/wine", "-n", "diff", "-o", "jsonpath={.metadata.generation}");
    const before = await generation();
    // The Secret version, the component, its Deployment, Service and Secret come or go; the Ingress changes.
    expect(changes(await fleet.up())).toEqual({ created: 4, deleted: 4, updated: 2, replaced: 1 });
    expect(await generation()).toBe(before);
    expect(await fleet.objects()).not.toContain("deployment/iris");
    const look =
      "jsonpath={.spec.replicas} {.status.observedGeneration} {.spec.template.spec.containers[0].image}";
    expect(await fleet.kubectl("get", "deployment/churn", "-n", "diff", "-o", look)).toBe(
      "3 2 registry.example/model:1.5",
    );
  });

  test("--refresh ends with 3 and names who changed the cluster", async () => {
    await fleet.kubectl("scale", "deployment/wine", "-n", "diff", "--replicas", "4");
    const { exitCode, stdout } = await diff("--refresh", "--json");
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      models: [{ id: "wine", kind: "changed", words: ["replicas 4 -> 1"] }],
      fleet: [],
      totals: {
        before: { pods: 8, cpu: "80m", memory: "128Mi", gpus: 0 },
        after: { pods: 5, cpu: "50m", memory: "80Mi", gpus: 0 },
      },
      drift: [{ object: "Deployment wine", field: "spec.replicas", old: "1", new: "4", manager: "kubectl" }],
    });
  });
});
