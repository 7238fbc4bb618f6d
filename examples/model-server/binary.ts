import { HttpError } from "../common/http-error";

/** The header with the length of the JSON, in bytes, in a body in which binary tensors follow it. */
export const JSON_LENGTH = "Inference-Header-Content-Length";

const FLOAT_BYTES = 4;

/** A body of the Open Inference Protocol: JSON, and the tensors that follow it in the binary tensor extension. */
export interface Parts {
  readonly json: string;
  /** Undefined without the header: the whole body is JSON. */
  readonly tensors?: Buffer;
}

/** Splits a body. @param length The value of the header {@link JSON_LENGTH}. @throws HttpError 400 if it does not fit */
export function split(body: Buffer, length: string | undefined): Parts {
  if (length === undefined) return { json: body.toString("utf8") };
  const end = Number(length);
  if (!/^\d+$/.test(length) || end < 1 || end > body.length) {
    const rule = `is not the length of the JSON in bytes (1 to ${body.length}, the whole body)`;
    throw new HttpError(400, `${JSON_LENGTH}: "${length.slice(0, 60)}" ${rule}`);
  }
  return { json: body.subarray(0, end).toString("utf8"), tensors: body.subarray(end) };
}

/** Reads an FP32 tensor: numbers of four bytes, little-endian, row by row. Its length is a multiple of four. */
export function readFloats(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) =>
    bytes.readFloatLE(index * FLOAT_BYTES),
  );
}

/** The binary form of a tensor: FP32 numbers, or strings (BYTES) that each follow their length in four bytes. */
export function toBytes(data: readonly (number | string)[]): Buffer {
  return Buffer.concat(
    data.map((value) => {
      const text = Buffer.from(typeof value === "string" ? value : "", "utf8");
      const head = Buffer.alloc(FLOAT_BYTES);
      if (typeof value === "number") head.writeFloatLE(value);
      else head.writeUInt32LE(text.length);
      return Buffer.concat([head, text]);
    }),
  );
}
