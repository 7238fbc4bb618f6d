import { createHash } from "node:crypto";

/** The SHA-256 of a string in UTF-8, or of bytes, as its first `length` hexadecimal digits, of 64. */
export function digest(content: string | Uint8Array, length = 64): string {
  return createHash("sha256").update(content).digest("hex").slice(0, length);
}
