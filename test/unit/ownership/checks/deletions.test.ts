import { describe, expect, test } from "vitest";
import { applyAnnotations, fleetLabels, PROTECTED, variantLabels } from "../../../../fleet/owner";
import { manyDeletions, protectedModels } from "../../../../ownership/checks/deletions";
import type { Plan } from "../../../../ownership/finding";
import type { Snapshot } from "../../../../ownership/snapshot";

/** The texts of a check if a stack with models `m1` to `m<before>` keeps those that `stays` names. */
function texts(
  check: typeof manyDeletions,
  { before, stays, ...plan }: Partial<Plan> & { readonly before: number; readonly stays: readonly string[] },
  annotations: Readonly<Record<string, string>> = {},
): string[] {
  const names = Array.from({ length: before }, (_, index) => `m${index + 1}`);
  const deployments = [
    ...[...names, "modelfleet-default-backend"].map((name) => ({
      object: `deployment/${name}`,
      metadata: {
        labels: fleetLabels(name, "dev"),
        annotations: { ...applyAnnotations("dev"), ...annotations },
      },
    })),
    { object: "deployment/foreign", metadata: { labels: {}, annotations } },
  ];
  const announced = new Set(stays.map((id) => `deployment/${id}`));
  const snapshot = { objects: new Map([["deployment", deployments]]) } as unknown as Snapshot;
  return check(
    { stack: "dev", announced, models: stays.map((id) => ({ id, path: "" })), ...plan },
    snapshot,
  ).map(({ text }) => text);
}

describe("an update may delete", () => {
  test.each<[string, Partial<Plan>, number, string[]]>([
    ["one model of a small fleet", {}, 3, ["m1", "m2"]],
    ["a fifth of a fleet", {}, 10, ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"]],
    ["as many as the setting says", { maxDeletions: 3 }, 3, []],
  ])("%s", (_what, plan, before, stays) => {
    expect(texts(manyDeletions, { before, stays, ...plan })).toEqual([]);
  });

  test("no more without being told once", () => {
    expect(texts(manyDeletions, { before: 3, stays: ["m1"] })).toEqual([
      "models: the update would delete 2 of 3 models (m2, m3), and at most 1, a fifth of them, may go at once; if that is meant, run it with MODELFLEET_MAX_DELETIONS=2",
    ]);
    expect(texts(manyDeletions, { before: 12, stays: [], maxDeletions: 0 })).toEqual([
      "models: the update would delete 12 of 12 models (m1, m2, m3, m4, m5, m6, m7, m8, m9, m10 and 2 more), and at most 0 (maxDeletions) may go at once; if that is meant, run it with MODELFLEET_MAX_DELETIONS=12",
    ]);
  });

  test("variants of models that stay, but not the champion of a protected one", () => {
    const annotations = { ...applyAnnotations("dev"), [PROTECTED]: "true" };
    const labels = { ...fleetLabels("iris", "dev"), ...variantLabels("b") };
    const snapshot = {
      objects: new Map([
        ["deployment", [{ object: "deployment/iris-b", metadata: { labels, annotations } }]],
      ]),
    } as unknown as Snapshot;
    const plan = {
      stack: "dev",
      announced: new Set(["deployment/iris"]),
      models: [{ id: "iris" }],
      maxDeletions: 0,
    };
    expect(manyDeletions(plan, snapshot)).toEqual([]);
    expect(protectedModels(plan, snapshot).map(({ text }) => text)).toEqual([
      "catalog.iris.variants: b is the champion of a protected model, and the update would delete it; keep it, and remove it after an update with another champion",
    ]);
  });

  test("no protected model", () => {
    const annotations = { [PROTECTED]: "true" };
    expect(texts(protectedModels, { before: 2, stays: ["m1", "m2"] }, annotations)).toEqual([]);
    expect(texts(protectedModels, { before: 2, stays: ["m2"] }, annotations)).toEqual([
      "models: m1 is protected, and the update would delete it; put it back into the list. To delete it, first set catalog.m1.protect to false and update",
    ]);
  });
});
