import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Workspace } from "../support/workspace";

const cluster = inject("simulated");
const MODELS = Array.from({ length: 120 }, (_, index) => `m${index}`);

interface State {
  readonly checkpoint: { readonly latest: { readonly resources: readonly { readonly type: string }[] } };
}

describe("120 models", () => {
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
    expect(await fleet.up()).toContain("120 models with 362 objects");
    expect(await ready()).toBe(120);
    expect(await fleet.objects()).toHaveLength(362);
    // Which lines of the program made each object: a tenth of the state, if it were there.
    const { resources } = (JSON.parse(fleet.state()) as State).checkpoint.latest;
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects).toHaveLength(363); // With the Namespace.
    expect(objects.filter((one) => "stackTrace" in one)).toEqual([]);
  });
});
