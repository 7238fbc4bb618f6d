/** Keys of a map that are left out: the whole value, or keys within it. */
export interface Unused {
  readonly [key: string]: true | Unused;
}

/** Numbers of fields. @see https://protobuf.dev/reference/protobuf/google.protobuf/#struct, #value, #list-value */
const KEY = 1;
const [NULL, NUMBER, TEXT, BOOLEAN, STRUCT, LIST] = [1, 2, 3, 4, 5, 6];

/**
 * The map that a message `google.protobuf.Struct` holds. Google's own package makes an object of every value and map first,
 * which takes several times as long.
 *
 * @param unused What is not read of it. @default everything is read
 * @throws RangeError when it is no such message
 */
export function mapOfStruct(message: Uint8Array, unused?: Unused): Record<string, unknown> {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  return new StructReader(bytes).map(bytes.length, unused);
}

/** Reads a message from its beginning; every method ends where what it reads ends. */
class StructReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  map(end: number, unused: Unused | undefined): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    while (this.at < end) {
      this.integer(); // The number of the only field: an entry.
      const entryEnd = this.end();
      let key = "";
      let value = { start: entryEnd, end: entryEnd };
      while (this.at < entryEnd) {
        const field = this.integer() >> 3;
        const fieldEnd = this.end();
        if (field === KEY) key = this.text(fieldEnd);
        else value = { start: this.at, end: fieldEnd };
        this.at = fieldEnd;
      }
      const inside = unused?.[key];
      if (inside === true) continue;
      this.at = value.start;
      found[key] = this.value(value.end, inside);
      this.at = entryEnd;
    }
    return found;
  }

  private value(end: number, unused: Unused | undefined): unknown {
    let value: unknown;
    while (this.at < end) {
      const field = this.integer() >> 3;
      if (field === TEXT) value = this.text(this.end());
      else if (field === STRUCT) value = this.map(this.end(), unused);
      else if (field === LIST) value = this.list(this.end());
      else if (field === NUMBER) value = this.double();
      else if (field === BOOLEAN) value = this.integer() !== 0;
      else if (field === NULL) value = this.integer() === 0 ? null : undefined;
      else throw new RangeError(`a value has no field ${field}`);
    }
    return value;
  }

  private list(end: number): unknown[] {
    const found: unknown[] = [];
    while (this.at < end) {
      this.integer(); // The number of the only field: a value.
      found.push(this.value(this.end(), undefined));
    }
    return found;
  }

  private text(end: number): string {
    const text = this.bytes.toString("utf8", this.at, end);
    this.at = end;
    return text;
  }

  private double(): number {
    const number = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    return number;
  }

  /** Reads a length. @returns Where what has it ends */
  private end(): number {
    const length = this.integer();
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError("a message ends within a field");
    return end;
  }

  private integer(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError("a message ends within a number");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}
