import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const MODELS = Array.from({ length: 300 }, (_, index) => `m${index}`);

describe("300 models", () => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "scale",
      cluster,
      config: { namespace: "scale", models: MODELS, defaults: { image: "registry.example/model:1" } },
    });
  });
  afterAll(() => fleet.remove("scale"));

  const ready = async () => {
    const text = await fleet.kubectl(
      ...["get", "deployments", "-n", "scale", "-o", "jsonpath={.items[*].status.readyReplicas}"],
    );
    return text.split(" ").filter((count) => count === "1").length;
  };

  test("become ready in one update, which begins with the fleet's size", async () => {
    expect(await fleet.up()).toContain("300 models with 902 objects");
    expect(await ready()).toBe(300);
    expect(await fleet.objects()).toHaveLength(902);
  });
});
