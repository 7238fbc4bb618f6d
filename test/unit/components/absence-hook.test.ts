import { expect, test } from "vitest";
import { absence, tellingAbsence } from "../../../components/absence-hook";
import { modelOf } from "../../support/settings";

const RECREATE = { type: "Recreate" };
const IN_PLACE = { type: "RollingUpdate", rollingUpdate: { maxSurge: 0 } };
const inputs = (image: string, strategy: object, replicas = 1) => ({
  metadata: { name: "iris" },
  spec: { replicas, progressDeadlineSeconds: 155, strategy, template: { image } },
});
const FIX = "if the cluster has room for one more pod, set spareGpus to true";
const AWAY = "so the model is away for up to 155 s (drainSeconds and startupSeconds)";

test("an update that ends the only pod first says that the model is away, and for how long", () => {
  const text = `deployment/iris: its pod ends before the new one starts, ${AWAY}; ${FIX}`;
  expect(absence(inputs("a", RECREATE), inputs("b", RECREATE))).toBe(text);
  expect(absence(inputs("a", IN_PLACE), inputs("b", IN_PLACE))).toBe(text);
});

test("where the settings say Recreate, spareGpus would change nothing", () => {
  expect(absence(inputs("a", RECREATE, 2), inputs("b", RECREATE, 2), new Set(["iris"]))).toBe(
    `deployment/iris: its pods end before the new ones start, ${AWAY}; deploymentStrategy decides that`,
  );
});

test.each([
  ["the pods stay", inputs("a", RECREATE), inputs("a", RECREATE)],
  ["others serve meanwhile", inputs("a", IN_PLACE, 2), inputs("b", IN_PLACE, 2)],
  ["there was no pod", inputs("a", RECREATE, 0), inputs("b", RECREATE)],
  ["there will be no pod", inputs("a", RECREATE), inputs("b", RECREATE, 0)],
])("nothing is said if %s", (_what, before, after) => {
  expect(absence(before, after)).toBeUndefined();
});

test("a fleet whose pods wait for no other one gets no hook", () => {
  expect(tellingAbsence([modelOf({})])).toEqual([]);
});
