import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { changes, Workspace } from "../support/workspace";

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

  test("become 301 if the list gets one more, and only the Ingress changes besides", async () => {
    await fleet.must("config", "set", "--path", "models[300]", "one-more");
    // Created: the component and its three objects. Updated: the Ingress.
    expect(changes(await fleet.up())).toEqual({ created: 4, updated: 1 });
    expect(await ready()).toBe(301);
  });
});
