import { expect, test } from "vitest";
import { comparison } from "../../../../dev/bench/small-preview";

test("medians are compared with those of the first line", () => {
  const usages = (...seconds: number[]) => seconds.map((one) => ({ seconds: one, cpuSeconds: one / 2 }));
  const lines = comparison([
    ["an empty program", usages(2, 4, 3)],
    ["3 models", usages(9, 6, 3)],
  ]).split("\n");
  expect(lines.slice(2).map((line) => line.split("|").map((cell) => cell.trim()))).toEqual([
    ["", "an empty program", "3.00 s (2.00 to 4.00)", "1.00×", "1.50 s (1.00 to 2.00)", "1.00×", ""],
    ["", "3 models", "6.00 s (3.00 to 9.00)", "2.00×", "3.00 s (1.50 to 4.50)", "2.00×", ""],
  ]);
});
