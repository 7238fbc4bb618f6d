import { expect, test } from "vitest";
import { nearest } from "../../../lib/nearest";

const words = ["start", "stop", "test"];

test.each([
  ["strat", "start"],
  ["STOP", "stop"],
  ["tset", "test"],
])("%s is nearest to %s", (typed, word) => {
  expect(nearest(typed, words)).toBe(word);
});

test("no word is near to one that shares almost nothing with it", () => {
  expect(nearest("nosuch", words)).toBeUndefined();
});

test("more mistakes are allowed in a long word", () => {
  expect(nearest("readynesPat", ["readinessPath"])).toBe("readinessPath");
});
