import { expect, test } from "vitest";
import { rotated } from "../../../../dev/bench/run";

test("every contender goes first once in as many rounds as there are contenders", () => {
  const rounds = [0, 1, 2, 3].map((turn) => rotated(["a", "b", "c"], turn));
  expect(rounds).toEqual([
    ["a", "b", "c"],
    ["b", "c", "a"],
    ["c", "a", "b"],
    ["a", "b", "c"],
  ]);
});
