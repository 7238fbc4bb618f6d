import { expect, test } from "vitest";
import { countReport, lastLine } from "../../../../dev/test/report";

const report = (numPassedTests: number, numFailedTests: number) =>
  JSON.stringify({ numPassedTests, numFailedTests });

test.each([
  ["the counts of a run that passed", report(3, 0), true, { passed: 3, failed: 0 }],
  ["the counts of a run with failed tests", report(3, 2), false, { passed: 3, failed: 2 }],
  ["one failure for a file that did not load", report(3, 0), false, { passed: 3, failed: 1 }],
  ["one failure for a run without a report", undefined, false, { passed: 0, failed: 1 }],
])("countReport has %s", (_, text, succeeded, expected) => {
  expect(countReport(text, succeeded)).toEqual(expected);
});

test("lastLine adds up all runs", () => {
  expect(
    lastLine([
      { passed: 3, failed: 1 },
      { passed: 4, failed: 0 },
    ]),
  ).toBe("7 passed, 1 failed");
});
