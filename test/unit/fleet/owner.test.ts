import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyAnnotations,
  fieldManager,
  fleetLabels,
  isOwn,
  ownerLabels,
  problemOfStackName,
  selectorLabels,
} from "../../../fleet/owner";

/** Every name that Pulumi gives a stack and that {@link problemOfStackName} accepts. */
const stackName = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$/);
const own = (stack: string) => ({ labels: ownerLabels(stack), annotations: applyAnnotations(stack) });

test("labels name the model, the fleet and the stack", () => {
  expect(fleetLabels("iris", "dev")).toEqual({
    "app.kubernetes.io/name": "iris",
    "app.kubernetes.io/part-of": "modelfleet",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/instance": "dev",
  });
});

test("a selector names the model, the stack and the variant", () => {
  expect(selectorLabels("iris", "dev")).toEqual({
    "app.kubernetes.io/name": "iris",
    "app.kubernetes.io/instance": "dev",
    "modelfleet.dev/variant": "default",
  });
});

describe("the name of a stack", () => {
  test("is a valid label, whole up to 63 characters and else cut with a hash", () => {
    fc.assert(
      fc.property(stackName, (stack) => {
        const label = ownerLabels(stack)["app.kubernetes.io/instance"] ?? "";
        expect(label).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
        if (stack.length <= 63) expect(label).toBe(stack);
        expect(problemOfStackName(stack)).toBeUndefined();
      }),
    );
  });

  test.each(["_tmp", "tmp_", "-a", "a.", "."])("cannot be %j, since no label can", (stack) => {
    expect(problemOfStackName(stack)).toMatch(/cannot be the value of a label/);
  });
});

describe("an object is the stack's own", () => {
  test("by the stack's name, with its labels", () => {
    const { labels, annotations } = own("dev");
    expect(isOwn({ labels: { ...labels, more: "x" }, annotations }, "dev")).toBe(true);
  });

  test("by the field manager that applied it, if somebody removed the labels", () => {
    const managedFields = [{ manager: "kubectl" }, { manager: fieldManager("dev") }];
    expect(isOwn({ managedFields }, "dev")).toBe(true);
  });

  test.each([
    ["without labels", {}],
    ["of another stack", { ...own("prod"), managedFields: [{ manager: fieldManager("prod") }] }],
    ["with the labels but without the stack's name", { labels: ownerLabels("dev") }],
    [
      "that another stack has adopted, though this one applied it before",
      { ...own("prod"), managedFields: [{ manager: fieldManager("dev") }] },
    ],
    [
      "of a Helm chart",
      { labels: { "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "dev" } },
    ],
  ])("but not one %s", (_what, meta) => {
    expect(isOwn(meta, "dev")).toBe(false);
  });

  test("and of no other stack, even if two long names begin alike", () => {
    const begin = "s".repeat(67);
    expect(isOwn(own(`${begin}a`), `${begin}b`)).toBe(false);
    expect(ownerLabels(`${begin}a`)).not.toEqual(ownerLabels(`${begin}b`));
    expect(fieldManager(`${begin}a`)).not.toBe(fieldManager(`${begin}b`));
  });
});
