import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyAnnotations,
  fieldManager,
  fleetLabels,
  isOwn,
  ownerLabels,
  ownerOf,
  problemOfStackName,
  selectorLabels,
} from "../../../fleet/owner";

/** Every name of a stack that Pulumi and {@link problemOfStackName} accept. */
const stackName = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,98}[A-Za-z0-9])?$/);
const own = (stack: string) => ({ labels: ownerLabels(stack), annotations: applyAnnotations(stack) });

test("fleetLabels has the model, the fleet and the stack", () => {
  expect(fleetLabels("iris", "dev")).toEqual({
    "app.kubernetes.io/name": "iris",
    "app.kubernetes.io/part-of": "modelfleet",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/instance": "dev",
  });
});

test("selectorLabels has the model, the stack and the variant", () => {
  expect(selectorLabels("iris", "dev")).toEqual({
    "app.kubernetes.io/name": "iris",
    "app.kubernetes.io/instance": "dev",
    "modelfleet.dev/variant": "default",
  });
});

describe("the name of a stack", () => {
  test("gives a valid label, in full up to 63 characters", () => {
    fc.assert(
      fc.property(stackName, (stack) => {
        const label = ownerLabels(stack)["app.kubernetes.io/instance"] ?? "";
        expect(label).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
        if (stack.length <= 63) expect(label).toBe(stack);
        expect(problemOfStackName(stack)).toBeUndefined();
      }),
    );
  });

  test.each(["_tmp", "tmp_", "-a", "a.", "."])("cannot be %j, which is not a label value", (stack) => {
    expect(problemOfStackName(stack)).toMatch(/cannot be the value of a label/);
  });
});

describe("the owner of a stack's objects", () => {
  test("is the stack in the project modelfleet, and the project and the stack in any other", () => {
    expect(ownerOf("modelfleet", "prod")).toBe("prod");
    expect(ownerOf("my-team", "prod")).toBe("my-team/prod");
  });

  test("is never that of another stack, and has a valid label and field manager", () => {
    const names = fc.tuple(fc.constantFrom("modelfleet", "a", "a.b", "b".repeat(100)), stackName);
    const twins = fc.constantFrom<[string, string][]>(
      ["a", "b.c"],
      ["a.b", "c"],
      ["modelfleet", "a.b.c"],
      ["a", "x".repeat(100)],
      ["a", `${"x".repeat(99)}y`],
    );
    fc.assert(
      fc.property(fc.oneof(names, twins), fc.oneof(names, twins), (one, other) => {
        const [first, second] = [ownerOf(...one), ownerOf(...other)];
        const label = ownerLabels(first)["app.kubernetes.io/instance"] ?? "";
        expect(label).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
        expect(fieldManager(first).length).toBeLessThanOrEqual(128);
        if (one.join("/") === other.join("/")) return;
        expect(isOwn(own(second), first)).toBe(false);
        expect(ownerLabels(second)).not.toEqual(ownerLabels(first));
        expect(fieldManager(second)).not.toBe(fieldManager(first));
      }),
    );
  });
});

describe("an object is the stack's own", () => {
  test("by the stack's name, with its labels", () => {
    const { labels, annotations } = own("dev");
    expect(isOwn({ labels: { ...labels, more: "x" }, annotations }, "dev")).toBe(true);
  });

  test("if the stack's field manager applied it and somebody removed the labels", () => {
    const managedFields = [{ manager: "kubectl" }, { manager: fieldManager("dev") }];
    expect(isOwn({ managedFields }, "dev")).toBe(true);
  });

  test.each([
    ["has no labels", {}],
    ["has another stack's labels", { ...own("prod"), managedFields: [{ manager: fieldManager("prod") }] }],
    ["has the labels but not the stack's name", { labels: ownerLabels("dev") }],
    [
      "that another stack has adopted, though this one applied it before",
      { ...own("prod"), managedFields: [{ manager: fieldManager("dev") }] },
    ],
    [
      "of a Helm chart",
      { labels: { "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "dev" } },
    ],
  ])("but not if it %s", (_what, meta) => {
    expect(isOwn(meta, "dev")).toBe(false);
  });

  test("and not another stack's, even if two long names begin with the same 67 characters", () => {
    const begin = "s".repeat(67);
    expect(isOwn(own(`${begin}a`), `${begin}b`)).toBe(false);
    expect(ownerLabels(`${begin}a`)).not.toEqual(ownerLabels(`${begin}b`));
    expect(fieldManager(`${begin}a`)).not.toBe(fieldManager(`${begin}b`));
  });
});
