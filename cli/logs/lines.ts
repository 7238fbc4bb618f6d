import { splitLines } from "../../lib/split-lines";

/** A line of a log. */
export interface Line {
  /** When it was written, in RFC 3339 with nanoseconds; empty if the API server gave no time. */
  readonly time: string;
  readonly text: string;
}

/** The lines of a log that comes in pieces with a time before each line, as `timestamps=true` gives it. */
export async function* linesIn(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  for await (const line of splitLines(pieces)) yield lineOf(line);
}

function lineOf(line: string): Line {
  const [, time, text] = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s.exec(line) ?? [];
  return time === undefined || text === undefined ? { time: "", text: line } : { time, text };
}

/**
 * Whether a line was written before another one. A line without a time belongs to what is read already, so it comes
 * first.
 */
export function isBefore(one: Line, other: Line): boolean {
  // Nodes may write their times in different zones; below a millisecond, the digits decide.
  const difference = millisecondsOf(one) - millisecondsOf(other);
  return difference === 0 ? one.time < other.time : difference < 0;
}

function millisecondsOf({ time }: Line): number {
  return time === "" ? 0 : Date.parse(time);
}

/** Lines of several logs, by the time when they were written; holds one line of each. */
export async function* merged<T>(
  logs: readonly (readonly [of: T, lines: AsyncIterator<Line>])[],
): AsyncGenerator<readonly [of: T, line: Line]> {
  const heads = await Promise.all(logs.map(async ([of, lines]) => ({ of, lines, head: await lines.next() })));
  let open = heads.filter(({ head }) => !head.done);
  while (open.length > 0) {
    const next = open.reduce((least, one) =>
      isBefore(one.head.value as Line, least.head.value as Line) ? one : least,
    );
    yield [next.of, next.head.value as Line];
    next.head = await next.lines.next();
    if (next.head.done) open = open.filter((one) => one !== next);
  }
}
