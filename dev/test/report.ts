/** How many tests passed and failed. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/**
 * The counts of one vitest run. A run that failed without a failed test (a file that does not load, a set-up that
 * throws, no report at all) counts as one failure, so that no fault reads as success.
 *
 * @param report The text of vitest's JSON report; undefined when it wrote none.
 * @param succeeded Whether vitest itself ended with success.
 */
export function countReport(report: string | undefined, succeeded: boolean): Count {
  const { numPassedTests = 0, numFailedTests = 0 } = report
    ? (JSON.parse(report) as { numPassedTests?: number; numFailedTests?: number })
    : {};
  return { passed: numPassedTests, failed: succeeded ? numFailedTests : Math.max(1, numFailedTests) };
}

/** The last line of `npm test`: `N passed, N failed`. */
export function lastLine(counts: readonly Count[]): string {
  const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed`;
}
