import { expect, test } from "vitest";
import { createFleet } from "../../../../components/fleet";
import { manifests, registered } from "../../../../dev/registered";
import { fleetOf } from "../../../support/settings";

async function budgets(iris: object) {
  const fleet = fleetOf({ catalog: { iris } });
  const resources = await registered(() => {
    createFleet({ ...fleet, stack: "dev" }, { managesNamespace: false });
  });
  return manifests(resources).filter(({ kind }) => kind === "PodDisruptionBudget");
}

const SELECTOR = {
  matchLabels: {
    "app.kubernetes.io/name": "iris",
    "app.kubernetes.io/instance": "dev",
    "modelfleet.dev/variant": "default",
  },
};

test("a model with two pods lets one go at a time, and broken ones whenever", async () => {
  expect(await budgets({ replicas: 2 })).toMatchObject([
    {
      metadata: { name: "iris", namespace: "models" },
      spec: { maxUnavailable: 1, selector: SELECTOR, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    },
  ]);
});

test.each<[string, object, object]>([
  ["a share", { maxUnavailable: "25%" }, { maxUnavailable: "25%" }],
  ["those that must stay", { minAvailable: 2 }, { minAvailable: 2 }],
])("its budget may be %s", async (_what, disruptionBudget, expected) => {
  const [budget] = await budgets({ replicas: 4, disruptionBudget });
  expect(budget?.spec).toEqual({
    ...expected,
    selector: SELECTOR,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  });
});

test.each([{ replicas: 1 }, { replicas: 0 }, { replicas: 2, disruptionBudget: false }])(
  "there is none with %o",
  async (settings) => expect(await budgets(settings)).toEqual([]),
);

test("each variant has its own, by its own number of pods", async () => {
  const variants = { default: {}, b: { replicas: 3 }, c: { replicas: 2 } };
  const found = await budgets({ champion: "default", variants });
  expect(found.map(({ metadata }) => metadata.name)).toEqual(["iris-b", "iris-c"]);
});
