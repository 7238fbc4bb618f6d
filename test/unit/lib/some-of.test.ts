import { expect, test } from "vitest";
import { someOf } from "../../../lib/some-of";

test("the first names are in a line, and the rest is counted", () => {
  expect(someOf(["iris", "wine", "churn"], 2)).toBe("iris, wine and 1 more");
  expect(someOf(["iris", "wine"], 2)).toBe("iris, wine");
});
