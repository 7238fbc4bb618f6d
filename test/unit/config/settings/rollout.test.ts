import { expect, test } from "vitest";
import { problems, withImage } from "../../../support/settings";

test.each([
  [{ type: "Recreate", maxSurge: 1 }, "maxSurge: 1 has no effect with type Recreate; remove it"],
  [
    { maxSurge: "0%", maxUnavailable: 0 },
    "maxUnavailable: 0 is 0 as maxSurge is, so that no pod could be replaced; raise one of the two",
  ],
  [
    { maxSurge: "101%" },
    'maxSurge: "101%" is not a number of pods such as 1, nor a share of them such as "25%"',
  ],
])("%j is an error", (deploymentStrategy, text) => {
  expect(problems(withImage({ catalog: { iris: { deploymentStrategy } } }))).toEqual([
    `catalog.iris.deploymentStrategy.${text}`,
  ]);
});

test("without an additional pod, a model with GPUs must let one go", () => {
  const iris = { resources: { limits: { "nvidia.com/gpu": 1 } }, deploymentStrategy: { maxUnavailable: 0 } };
  expect(problems(withImage({ catalog: { iris } }))).toEqual([
    "catalog.iris.deploymentStrategy.maxUnavailable: 0 leaves a rollout no way to begin: its pods hold devices, so maxSurge is 0; set maxSurge, or spareGpus to true",
  ]);
});
