import { expect, test } from "vitest";
import { comparison } from "../../../../dev/bench/empty-program";

test("medians are compared with those of the first line", () => {
  const times = (...seconds: number[]) => seconds.map((one) => ({ returned: one, cpu: one / 2 }));
  const [title, , ...lines] = comparison("a preview of", [
    ["an empty program", times(2, 4, 3).map((one) => ({ ...one, memory: one.returned * 10 }))],
    ["3 models", times(9, 6, 3)],
  ])
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(title?.[0]).toBe("a preview of");
  expect(lines).toEqual([
    ["an empty program", "3.00 s (2.00 to 4.00)", "1.00×", "1.50 s (1.00 to 2.00)", "1.00×", "30 MiB"],
    ["3 models", "6.00 s (3.00 to 9.00)", "2.00×", "3.00 s (1.50 to 4.50)", "2.00×", "-"],
  ]);
});
