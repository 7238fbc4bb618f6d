import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareQuantities,
  inBytes,
  inCores,
  isMultipleOf,
  multiplied,
  problemOfQuantity,
  wholeBytes,
} from "../../../fleet/quantity";

describe("a quantity", () => {
  test.each(["0", "2", "500m", "1.5Gi", ".5", "1.", "1e3", "1E-3", "100k"])("may be %j", (value) => {
    expect(problemOfQuantity(value)).toBeUndefined();
  });

  test.each(["", "lots", "1 Gi", "-1", "1gi", "1KI", "0x10", "1e", "Gi"])("may not be %j", (value) => {
    expect(problemOfQuantity(value)).toContain("is not a Kubernetes quantity");
  });

  test.each([
    ["500m", "0.5"],
    ["1Gi", "1073741824"],
    ["1k", "1000"],
    ["2e3", "2k"],
  ])("%s equals %s", (a, b) => {
    expect(compareQuantities(a, b)).toBe(0);
  });

  test.each([
    ["20Mi", "20971520"],
    ["1k", "1000"],
    ["1.5Ki", "1536"],
    ["7", "7"],
  ])("%s is %s bytes", (value, bytes) => {
    expect(wholeBytes(value)).toBe(bytes);
  });

  test.each(["1e30", "100E", "9223372036854775808", "1e999999"])("may not be as large as %s", (value) => {
    expect(problemOfQuantity(value)).toContain("is more than Kubernetes can keep");
  });

  test.each<[string, string, boolean]>([
    ["0.5", "1m", true],
    ["0.0005", "1m", false],
    ["1e-10", "1m", false],
    ["512m", "1", false],
    ["1.5Ki", "1", true],
    ["1e3", "1", true],
  ])("%s is a multiple of %s: %s", (value, step, expected) => {
    expect(isMultipleOf(value, step)).toBe(expected);
  });

  test("is ordered like its number, whatever the unit", () => {
    const unit = fc.constantFrom("", "k", "M", "G", "Ki", "Mi", "Gi");
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), unit, (a, b, suffix) => {
        expect(Math.sign(compareQuantities(`${a}${suffix}`, `${b}${suffix}`))).toBe(Math.sign(a - b));
        expect(compareQuantities(`${a}Ki`, `${a}k`)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("sums of quantities, each times a count", () => {
  test.each([
    [[], "0"],
    [[["500m", 2]], "1"],
    [[["0.1", 3]], "300m"],
    [
      [
        ["1", 2],
        ["250m", 1],
      ],
      "2250m",
    ],
    [[["1n", 1]], "1m"],
  ] as const)("of CPU %j are %s", (parts, sum) => {
    expect(inCores(parts)).toBe(sum);
  });

  test.each([
    [[], "0"],
    [[["512Mi", 2]], "1Gi"],
    [[["256Mi", 3]], "768Mi"],
    [[["1", 1]], "1Mi"],
    [[["1G", 1]], "954Mi"],
  ] as const)("of memory %j are %s", (parts, sum) => {
    expect(inBytes(parts)).toBe(sum);
  });
});

test.each([
  ["1", 8, "8"],
  ["1.5Gi", 2, "3Gi"],
  ["0.25", 3, "0.75"],
  [".5", 1, "0.5"],
  ["500m", 3, "1500m"],
  ["1e3", 2, "2e3"],
])("%s, %i times, is %s", (quantity, times, product) => {
  expect(multiplied(quantity, times)).toBe(product);
});
