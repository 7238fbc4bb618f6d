import fc from "fast-check";
import { expect, test } from "vitest";
import { circleIn, inOrderOfReference, referencesIn } from "../../../fleet/references";

test.each([
  ["$(A)/x-$(B)", ["A", "B"]],
  ["$(A)$(A)", ["A"]],
  ["$$(A)", []],
  ["$$$(A)", ["A"]],
  ["$A ${A} $(A", []],
])("%j refers to %j", (text, names) => {
  expect(referencesIn(text)).toEqual(names);
});

test("variables stand after those that they refer to, otherwise by name", () => {
  const env = { URL: "http://$(HOST):$(PORT)", HOST: "$(NAME).example", A: "$(URL)", NAME: "x", PORT: "1" };
  expect(inOrderOfReference(env).map(([name]) => name)).toEqual(["NAME", "HOST", "PORT", "URL", "A"]);
});

test("without references, variables stand in the order of their names", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.stringMatching(/^[a-z]*$/)), (env) => {
      expect(inOrderOfReference(env).map(([name]) => name)).toEqual(Object.keys(env).sort());
    }),
  );
});

test("every reference is to an earlier variable, or there is a circle", () => {
  const name = fc.constantFrom("A", "B", "C", "D", "E");
  const value = fc.array(name, { maxLength: 2 }).map((names) => names.map((one) => `$(${one})`).join(""));
  fc.assert(
    fc.property(fc.dictionary(name, value), (env) => {
      const order = inOrderOfReference(env);
      expect(Object.fromEntries(order)).toEqual(env);
      const isLate = order.some(([, text], index) =>
        referencesIn(text).some((other) => order.slice(index).some(([later]) => later === other)),
      );
      expect(isLate).toBe(circleIn(env) !== undefined);
    }),
  );
});

test("a circle is named from its first variable on", () => {
  expect(circleIn({ X: "$(A)", A: "$(B)", B: "$(A)" })).toEqual(["A", "B", "A"]);
  expect(circleIn({ PATH: "$(PATH):/opt" })).toEqual(["PATH", "PATH"]);
  expect(circleIn({ A: "$(B)", B: "$(C)" })).toBeUndefined();
});
