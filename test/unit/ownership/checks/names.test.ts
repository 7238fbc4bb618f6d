import { expect, test } from "vitest";
import { applyAnnotations, fleetLabels, variantLabels } from "../../../../fleet/owner";
import { otherModels } from "../../../../ownership/checks/names";
import type { Plan } from "../../../../ownership/finding";
import type { Snapshot } from "../../../../ownership/snapshot";

/** What is found if a Deployment with these labels exists, and the fleet has these models. */
function found(name: string, labels: object, models: Plan["models"]): string[] {
  const metadata = { name, labels, annotations: applyAnnotations("dev") };
  const snapshot = { objects: new Map([["deployment", [{ object: `deployment/${name}`, metadata }]]]) };
  const plan = { stack: "dev", namespace: "models", models } as unknown as Plan;
  return otherModels(plan, snapshot as unknown as Snapshot).map(({ text }) => text);
}

const iris = { id: "iris", path: "/models/iris", challengers: [{ variant: "b" }] };
const model = { id: "iris-b", path: "/models/iris-b" };

test("no model gets the Deployment of another one's variant, nor the reverse", () => {
  const ofModel = fleetLabels("iris-b", "dev");
  const ofVariant = { ...fleetLabels("iris", "dev"), ...variantLabels("b") };
  expect(found("iris-b", ofModel, [iris])).toEqual([
    'deployment/iris-b in namespace "models": is that of model "iris-b", and would be that of model "iris", variant "b"; give that another name, or delete the old one in an update before',
  ]);
  expect(found("iris-b", ofVariant, [model])).toEqual([
    'deployment/iris-b in namespace "models": is that of model "iris", variant "b", and would be that of model "iris-b"; give that another name, or delete the old one in an update before',
  ]);
  expect(found("iris-b", ofVariant, [iris])).toEqual([]);
  expect(found("iris-b", ofModel, [model])).toEqual([]);
});

test("a label that somebody changed is no other model", () => {
  expect(found("iris-b", { ...fleetLabels("else", "dev") }, [model])).toEqual([]);
});
