import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mapOfStruct } from "../../../lib/struct";

const require = createRequire(import.meta.url);
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

const bytesOf = (map: object): Uint8Array => Struct.fromJavaScript(map).serializeBinary();

test("every map is read as Google's own library reads it", () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true }),
      fc.string({ unit: "binary" }),
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value")),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (map) => {
      const bytes = bytesOf(map);
      expect(mapOfStruct(bytes)).toEqual(Struct.deserializeBinary(bytes).toJavaScript());
    }),
  );
});

test("what is not used is left out, at the depth where it is named", () => {
  const map = { a: { b: { c: 1, d: 2 }, e: [{ d: 3 }] }, d: 4, f: 5 };
  expect(mapOfStruct(bytesOf(map), { a: { b: { d: true } }, f: true, g: true })).toEqual({
    a: { b: { c: 1 }, e: [{ d: 3 }] },
    d: 4,
  });
});

test("a key that is named within a value of another kind changes nothing", () => {
  expect(mapOfStruct(bytesOf({ a: "text", b: [1] }), { a: { x: true }, b: { x: true } })).toEqual({
    a: "text",
    b: [1],
  });
});

test("an entry whose value comes before its key is read too", () => {
  // { a: true }
  expect(mapOfStruct(Uint8Array.from([0x0a, 7, 0x12, 2, 0x20, 1, 0x0a, 1, 97]))).toEqual({ a: true });
});

test.each([
  ["ends within a field", [0x0a, 9, 0x0a, 1, 97], "a message ends within a field"],
  ["has a value of an unknown kind", [0x0a, 7, 0x0a, 1, 97, 0x12, 2, 0x38, 1], "a value has no field 7"],
])("a message that %s is refused", (_, bytes, message) => {
  expect(() => mapOfStruct(Uint8Array.from(bytes))).toThrow(new RangeError(message));
});
