import { expect, test } from "vitest";
import { secondsOf } from "../../../lib/go-duration";

test.each([
  ["90s", 90],
  ["10m", 600],
  ["1h30m", 5400],
  ["1.5h", 5400],
  ["500ms", 0.5],
])("%s is a duration of %s seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test.each(["", "ten", "10", "10 s"])("%j is no duration", (text) => {
  expect(secondsOf(text)).toBeUndefined();
});
