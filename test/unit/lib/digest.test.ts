import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest } from "../../../lib/digest";

describe("digest", () => {
  test("is the SHA-256 in hexadecimal digits", () => {
    expect(digest("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("is the same for a string and for its bytes in UTF-8", () => {
    expect(digest("é")).toBe(digest(Buffer.from("é")));
  });

  test("has the given length and begins like the whole one", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (text, length) => {
        expect(digest(text, length)).toBe(digest(text).slice(0, length));
        expect(digest(text, length)).toHaveLength(length);
      }),
    );
  });
});
