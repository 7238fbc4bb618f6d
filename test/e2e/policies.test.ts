import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { ROOT } from "../../lib/paths";
import { Workspace } from "../support/workspace";

const POLICIES = ["--policy-pack", join(ROOT, "test", "policies")];

test("a policy pack of the user's refuses a model by its settings, and completes the objects of the others", async () => {
  const fleet = await Workspace.create({
    stack: "policies",
    cluster: inject("simulated"),
    config: {
      namespace: "policies",
      models: ["iris", "wine"],
      defaults: { image: "registry.example/model:1" },
      catalog: { wine: { image: "elsewhere.example/model:1" } },
    },
  });
  onTestFinished(() => fleet.remove("policies"));

  const refused = await fleet.pulumi("preview", ...POLICIES);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.text).toContain("container model has image elsewhere.example/model:1");

  fleet.configure({ catalog: undefined });
  await fleet.up(...POLICIES);
  const annotation = "jsonpath={.items[*].metadata.annotations.example\\.com/cost-centre}";
  expect(await fleet.kubectl("get", "deployments", "-n", "policies", "-o", annotation)).toBe("4711 4711");
});
