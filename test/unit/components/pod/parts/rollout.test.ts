import { describe, expect, test } from "vitest";
import { rollout, rolloutSeconds, strategyOf } from "../../../../../components/pod/parts/rollout";
import { modelOf } from "../../../../support/settings";

const GPU = { resources: { limits: { "nvidia.com/gpu": 1 } } };
const SURGE = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } };
const IN_PLACE = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } };
const RECREATE = { type: "Recreate" };

describe("new pods replace old ones", () => {
  test.each<[what: string, settings: Record<string, unknown>, strategy: object]>([
    ["after they are ready", {}, SURGE],
    ["after one old pod with a GPU has ended", { ...GPU, replicas: 2 }, IN_PLACE],
    ["after the only pod with a GPU has ended", GPU, RECREATE],
    [
      "after the only pod with a part of a GPU",
      { resources: { limits: { "nvidia.com/mig-1g.5gb": 1 } } },
      RECREATE,
    ],
    [
      "after the only pod with a claim",
      { resourceClaims: [{ name: "a", resourceClaimName: "a" }] },
      RECREATE,
    ],
    ["after they are ready, if there are spare GPUs", { ...GPU, spareGpus: true }, SURGE],
    ["after they are ready, if the limit is none", { resources: { limits: { "nvidia.com/gpu": 0 } } }, SURGE],
    ["as deploymentStrategy says", { deploymentStrategy: { type: "Recreate" } }, RECREATE],
    [
      "with the additional pods of deploymentStrategy, although they hold GPUs",
      { ...GPU, deploymentStrategy: { maxSurge: 1 } },
      { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    ],
    [
      "one at a time, if deploymentStrategy has no additional one",
      { deploymentStrategy: { maxSurge: 0 } },
      IN_PLACE,
    ],
  ])("%s", (_what, settings, strategy) => {
    expect(strategyOf(modelOf(settings))).toEqual(strategy);
  });
});

test.each([
  [{ replicas: 0 }, 100, 100],
  [{ replicas: 1 }, 100, 100],
  [{ replicas: 4 }, 100, 400],
  [{ replicas: 5 }, 100, 300],
  [{ replicas: 100 }, 100, 400],
  [{ replicas: 4, deploymentStrategy: { maxSurge: 2, maxUnavailable: 2 } }, 100, 100],
  // An old pod ends first, within 5 + 30 s.
  [{ replicas: 4, ...GPU }, 100, 540],
  [{ replicas: 1, ...GPU }, 100, 135],
])(
  "a rollout of %j with 100 s for a pod may take %i s at first and %i s later",
  (settings, create, update) => {
    expect(rolloutSeconds(modelOf({ startupSeconds: 100, ...settings }))).toEqual({ create, update });
  },
);

test("a pod that waits for the end of another one has more time", () => {
  const secondsOf = (settings: Record<string, unknown>) =>
    rollout(modelOf(settings), { name: "iris", stack: "dev" }).deployment?.progressDeadlineSeconds;
  expect(secondsOf({ startupSeconds: 100 })).toBe(100);
  expect(secondsOf({ startupSeconds: 100, drainSeconds: 60, ...GPU })).toBe(165);
});
