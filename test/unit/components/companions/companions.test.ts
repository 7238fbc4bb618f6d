import { expect, test } from "vitest";
import { announceFleet, createFleet } from "../../../../components/fleet";
import { manifests, registered } from "../../../../dev/registered";
import { fleetOf } from "../../../support/settings";

/** The objects of the model `iris` with these settings besides those of a model without any. */
async function companions(settings: Record<string, unknown>) {
  const made = async (own: object) => {
    const fleet = fleetOf({ catalog: { iris: own } });
    const names = announceFleet(fleet).map(({ object }) => object);
    const resources = await registered(() => {
      createFleet({ ...fleet, stack: "dev" }, { managesNamespace: false });
    });
    return { names, objects: manifests(resources) };
  };
  const [plain, other] = [await made({}), await made(settings)];
  return {
    announced: other.names.filter((name) => !plain.names.includes(name)),
    objects: other.objects.filter(({ kind }) => !plain.objects.some((one) => one.kind === kind)),
  };
}

test("a model gets a ServiceAccount of its own, which mounts no token", async () => {
  const annotations = { "example.com/role": "reader" };
  const { announced, objects } = await companions({ serviceAccount: { annotations } });
  expect(announced).toEqual(["serviceaccount/iris"]);
  expect(objects).toMatchObject([
    {
      kind: "ServiceAccount",
      metadata: { name: "iris", namespace: "models", annotations },
      automountServiceAccountToken: false,
    },
  ]);
});

test("each variant has its own companions", async () => {
  const variants = { default: {}, b: {} };
  const { announced } = await companions({ serviceAccount: {}, champion: "default", variants });
  expect(announced).toContain("serviceaccount/iris-b");
});
