import { expect, test } from "vitest";
import { type Line, linesIn, merged } from "../../../../cli/logs/lines";

async function* streamOf<T>(...pieces: readonly T[]): AsyncGenerator<T> {
  yield* pieces;
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of stream) found.push(one);
  return found;
}

const at = (digits: string) => `2026-01-01T00:00:00.${digits}Z`;

test("a log in pieces has its lines as they were written, wherever a piece ends", async () => {
  const pieces = [
    `${at("1")} one\n${at("2").slice(0, 9)}`,
    `${at("2").slice(9)} two\r`,
    "\n",
    `${at("3")} \n`,
  ];
  expect(await all(linesIn(streamOf(...pieces, "without a time\n", `${at("4")} last`)))).toEqual([
    { time: at("1"), text: "one" },
    { time: at("2"), text: "two\r" },
    { time: at("3"), text: "" },
    { time: "", text: "without a time" },
    { time: at("4"), text: "last" },
  ]);
});

test("lines of several logs come by their time, whatever the zone, and equal times in the order of the pods", async () => {
  const line = (time: string, text: string): Line => ({ time, text });
  const lines = await all(
    merged([
      [
        "a",
        streamOf(
          line(at("000000001"), "1"),
          line(at("000000004"), "4"),
          line("2026-01-01T02:00:00.5+02:00", "6"),
        ),
      ],
      ["b", streamOf(line(at("000000001"), "2"), line(at("000000003"), "3"), line(at("4"), "5"))],
      ["c", streamOf<Line>()],
    ]),
  );
  expect(lines.map(([pod, { text }]) => `${pod}${text}`)).toEqual(["a1", "b2", "b3", "a4", "b5", "a6"]);
});
