import { expect, test } from "vitest";
import { columns, table } from "../../../lib/table";

test("a table has aligned columns without spaces at the ends of lines", () => {
  const rows = [
    ["iris", "1", "a"],
    ["churn-risk", "10", ""],
    ["x", undefined, "longer than its heading"],
  ];
  expect(table(["MODEL", "N", "URL"], rows)).toBe(
    [
      "MODEL       N   URL",
      "iris        1   a",
      "churn-risk  10  -",
      "x           -   longer than its heading",
    ].join("\n"),
  );
});

test("a table without rows has its headings", () => {
  expect(table(["MODEL", "URL"], [])).toBe("MODEL  URL");
});

test("rows may have fewer cells than others", () => {
  expect(columns([["a"], ["bb", "c"]])).toEqual(["a", "bb  c"]);
});
