/** Types of a field's value on the wire. @see https://protobuf.dev/programming-guides/encoding/#structure */
const [VARINT, EIGHT_BYTES, WITH_LENGTH, FOUR_BYTES] = [0, 1, 2, 5];

/**
 * A message of Protocol Buffers with some fields changed or left out, without reading the rest of it.
 *
 * @param change Gets the number and the bytes of each field that has a length (text, bytes, message, map entry), and returns the
 * new bytes; undefined leaves the field out.
 * @returns The same array if nothing changes.
 * @throws RangeError when it is no message
 */
export function rewritten(
  message: Uint8Array,
  change: (field: number, value: Uint8Array) => Uint8Array | undefined,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (const { field, start, value, end } of fieldsOf(message)) {
    if (value === undefined) continue;
    const changed = change(field, value);
    if (changed === value) continue;
    parts.push(message.subarray(kept, start));
    if (changed !== undefined) parts.push(varint(field * 8 + WITH_LENGTH), varint(changed.length), changed);
    kept = end;
  }
  return kept === 0 ? message : Buffer.concat([...parts, message.subarray(kept)]);
}

interface Field {
  readonly field: number;
  /** Where the field begins in the message, its number included. */
  readonly start: number;
  readonly end: number;
  /** Undefined if it has no length. */
  readonly value: Uint8Array | undefined;
}

function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError("a message ends within a number");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = next();
    const field = Math.floor(tag / 8);
    const size = sizeOf(tag % 8, next);
    if (at + size > message.length) throw new RangeError("a message ends within a field");
    const value = tag % 8 === WITH_LENGTH ? message.subarray(at, at + size) : undefined;
    at += size;
    yield { field, start, end: at, value };
  }
}

/** How many bytes follow; a number has been read then. */
function sizeOf(type: number, next: () => number): number {
  if (type === WITH_LENGTH) return next();
  if (type === EIGHT_BYTES) return 8;
  if (type === FOUR_BYTES) return 4;
  if (type !== VARINT) throw new RangeError(`${type} is no type of a field`);
  next();
  return 0;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
