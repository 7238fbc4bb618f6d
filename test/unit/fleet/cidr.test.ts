import { expect, test } from "vitest";
import { isInside, problemOfCidr } from "../../../fleet/cidr";

test.each(["0.0.0.0/0", "10.0.0.0/8", "192.0.2.7/32", "::/0", "2001:db8::/32", "2001:db8::1/128"])(
  "%s is a range",
  (text) => expect(problemOfCidr(text)).toBeUndefined(),
);

test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/08", "::/129", "a::b::c/8", "x/8"])(
  "%s is none",
  (text) => expect(problemOfCidr(text)).toBe("is not a range of IP addresses such as 10.0.0.0/8"),
);

test.each(["10.0.0.1/8", "2001:db8::1/64"])("%s has an address inside of the range", (text) =>
  expect(problemOfCidr(text)).toContain("has an address inside the range"),
);

test.each<[string, string, boolean]>([
  ["10.1.0.0/16", "10.0.0.0/8", true],
  ["10.0.0.0/8", "0.0.0.0/0", true],
  ["2001:db8::/64", "2001:db8::/32", true],
  ["::1:0:0/112", "::/0", true],
  ["10.0.0.0/8", "10.0.0.0/8", false],
  ["11.0.0.0/16", "10.0.0.0/8", false],
  ["10.0.0.0/8", "10.1.0.0/16", false],
  ["10.0.0.0/16", "::/0", false],
  ["x", "10.0.0.0/8", false],
])("whether %s is inside %s: %s", (inner, outer, expected) => expect(isInside(inner, outer)).toBe(expected));
