import { expect, test } from "vitest";
import { rawParts } from "../../../config/raw-parts";
import { fleetOf, IMAGE } from "../../support/settings";

test("the parts of pods that settings have are checked once each, also if all models have them", () => {
  const podSpec = { hostname: "a" };
  const one = { name: "one", image: IMAGE };
  const { models } = fleetOf({
    models: "iris,wine",
    defaults: { image: IMAGE, podSpec },
    catalog: { wine: { champion: "a", variants: { a: { initContainers: [one] }, b: { sidecars: [one] } } } },
  });
  expect(rawParts(models)).toEqual([
    { path: "catalog.iris.podSpec", type: "PodSpec", value: podSpec },
    { path: "catalog.wine.variants.a.initContainers[0]", type: "Container", value: one },
  ]);
});
