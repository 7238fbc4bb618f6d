import { expect, test } from "vitest";
import { rotated } from "../../../../dev/bench/run";

test("each contender goes first in one of three rounds of three contenders", () => {
  const rounds = [0, 1, 2, 3].map((turn) => rotated(["a", "b", "c"], turn));
  expect(rounds).toEqual([
    ["a", "b", "c"],
    ["b", "c", "a"],
    ["c", "a", "b"],
    ["a", "b", "c"],
  ]);
});
