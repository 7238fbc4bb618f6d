import { describe, expect, test } from "vitest";
import { problems, withImage } from "../../../support/settings";

const found = (iris: object) => problems(withImage({ catalog: { iris } }));
const at = "catalog.iris.disruptionBudget";

describe("a disruption budget", () => {
  test.each<[string, object]>([
    ["is a number of pods or a share of them", { replicas: 2, disruptionBudget: { maxUnavailable: "50%" } }],
    ["may keep all pods but one", { replicas: 3, disruptionBudget: { minAvailable: 2 } }],
    ["may keep a share that leaves one to go", { replicas: 3, disruptionBudget: { minAvailable: "66%" } }],
    ["may be of one pod, which it lets go", { replicas: 1, disruptionBudget: { maxUnavailable: 1 } }],
    ["says nothing of a paused model", { replicas: 0, disruptionBudget: { minAvailable: 1 } }],
    ["can be removed", { replicas: 2, disruptionBudget: false }],
  ])("%s", (_what, settings) => expect(found(settings)).toEqual([]));

  test.each<[string, object, string]>([
    ["all pods", { replicas: 2, disruptionBudget: { minAvailable: 2 } }, `2 does not let any of its 2 pods`],
    [
      "a share that is rounded up to all pods",
      { replicas: 2, disruptionBudget: { minAvailable: "51%" } },
      `"51%" does not let any of its 2 pods`,
    ],
    ["the only pod", { disruptionBudget: { minAvailable: 1 } }, `1 does not let its only pod`],
  ])("may not keep %s: a drain would never end", (_what, settings, rule) => {
    expect(found(settings)).toEqual([
      `${at}.minAvailable: ${rule} go, so that the drain of a node would never end; lower it, have more pods, or set maxUnavailable instead`,
    ]);
  });

  test.each([{ maxUnavailable: 1, minAvailable: 1 }, {}])("has one limit: %o", (disruptionBudget) => {
    expect(found({ replicas: 3, disruptionBudget })).toEqual([
      `${at}: ${JSON.stringify(disruptionBudget)} has not one of maxUnavailable and minAvailable; give one, and remove the other with null`,
    ]);
  });

  test.each<[unknown, string]>([
    [{ maxUnavailable: 0 }, ".maxUnavailable: 0 must be at least 1"],
    [
      { minAvailable: "100%" },
      '.minAvailable: "100%" is not a number of pods, nor a percentage from "1%" to "99%"',
    ],
    [{ maxUnavailable: 1, minAvailabel: 1 }, '.minAvailabel: unknown key; did you mean "minAvailable"?'],
    ["1", ': "1" must be a boolean or a map'],
  ])("is not %o", (disruptionBudget, problem) => {
    expect(found({ replicas: 3, disruptionBudget })).toEqual([`${at}${problem}`]);
  });
});
