import { describe, expect, test } from "vitest";
import { merge, withoutNulls } from "../../../config/merge";

describe("merged settings", () => {
  test.each<[string, unknown, unknown, unknown]>([
    ["merge maps key by key", { a: 1, b: { c: 2 } }, { b: { d: 3 } }, { a: 1, b: { c: 2, d: 3 } }],
    ["replace lists", { a: [1, 2] }, { a: [3] }, { a: [3] }],
    [
      "drop a setting that is null, at any depth",
      { a: 1, b: { c: 2 } },
      { a: null, b: { c: null } },
      { b: {} },
    ],
    ["replace a value by a map", { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
    ["are the defaults if nothing else is set", { a: 1 }, undefined, { a: 1 }],
    [
      "keep 0, false and the empty string",
      { a: 1, b: true, c: "x" },
      { a: 0, b: false, c: "" },
      { a: 0, b: false, c: "" },
    ],
  ])("%s", (_what, defaults, own, expected) => {
    expect(merge(defaults, own)).toEqual(expected);
  });
});

test("a null inside podSpec is kept, since it removes a field of the pod; podSpec itself goes as all settings", () => {
  const own = { podSpec: { a: null, b: { c: null } } };
  expect(merge({ podSpec: { a: 1, d: 2 } }, own)).toEqual({ podSpec: { a: null, b: { c: null }, d: 2 } });
  expect(merge({ podSpec: { a: 1 } }, { podSpec: null })).toEqual({});
  expect(withoutNulls({ ...own, e: null })).toEqual(own);
});

test("withoutNulls removes nulls from maps and keeps everything else, lists included", () => {
  expect(withoutNulls({ a: null, b: { c: null, d: 0 }, e: [null] })).toEqual({ b: { d: 0 }, e: [null] });
});
