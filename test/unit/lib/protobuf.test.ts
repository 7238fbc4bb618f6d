import { describe, expect, test } from "vitest";
import { rewritten } from "../../../lib/protobuf";

/** Fields 1 (a number), 2 ("one"), 3 (8 bytes), 2 ("two"), 4 (4 bytes). */
const MESSAGE = Buffer.from([
  ...[0x08, 0xac, 0x02],
  ...[0x12, 3, ...Buffer.from("one")],
  ...[0x19, 1, 2, 3, 4, 5, 6, 7, 8],
  ...[0x12, 3, ...Buffer.from("two")],
  ...[0x25, 1, 2, 3, 4],
]);

describe("a message that is rewritten", () => {
  test("is the same array if nothing changes", () => {
    expect(rewritten(MESSAGE, (_, value) => value)).toBe(MESSAGE);
  });

  test("has its other fields as they were, and the new lengths", () => {
    const long = Buffer.alloc(300, 65);
    const text = (value: Uint8Array) => Buffer.from(value).toString();
    const changed = rewritten(MESSAGE, (_, value) => (text(value) === "one" ? long : undefined));
    expect(Buffer.from(changed)).toEqual(
      Buffer.from([
        ...[0x08, 0xac, 0x02],
        ...[0x12, 0xac, 0x02, ...long],
        ...[0x19, 1, 2, 3, 4, 5, 6, 7, 8],
        ...[0x25, 1, 2, 3, 4],
      ]),
    );
  });

  test.each([
    ["within a number", [0x08, 0xac], "a message ends within a number"],
    ["within a field", [0x12, 3, 65], "a message ends within a field"],
    ["in a type that is no longer written", [0x0b], "3 is no type of a field"],
  ])("is refused if it ends %s", (_, bytes, message) => {
    expect(() => rewritten(Buffer.from(bytes), (__, value) => value)).toThrow(new RangeError(message));
  });
});
