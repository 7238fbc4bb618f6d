import type { WriteStream } from "node:tty";

/** Whether text on this stream may have colours: it is a terminal that shows them, and NO_COLOR does not forbid them. */
export function hasColors(stream: Pick<WriteStream, "isTTY" | "hasColors">): boolean {
  // Node.js leaves both out where the stream is no terminal.
  return (stream.isTTY as boolean | undefined) === true && stream.hasColors();
}
