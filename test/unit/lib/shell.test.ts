import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellQuote } from "../../../lib/shell";

test.each(["plain", "/a/b-c_d.e:f=g", "", "two words", "it's", '$HOME `id` "x" \\ *', "two\nlines"])(
  "a shell reads the quoted %j as one word",
  (value) => {
    const printed = execFileSync("sh", ["-c", `printf %s ${shellQuote(value)}`], { encoding: "utf8" });
    expect(printed).toBe(value);
  },
);

test("a word without special characters gets no quotes", () => {
  expect(shellQuote("file:///a/b")).toBe("file:///a/b");
});
