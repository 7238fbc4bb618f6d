import { expect, test } from "vitest";
import { atMost } from "../../../lib/at-most";

test("at most this many pieces of work run at a time, all of them in the end, also after one that failed", async () => {
  const limited = atMost(2);
  let running = 0;
  let most = 0;
  const work = (index: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    if (index === 0) throw new Error("no");
    return index;
  };
  const all = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => limited(work(index))));
  expect(all.map(({ status }) => status)).toEqual(["rejected", ...Array<string>(4).fill("fulfilled")]);
  expect(most).toBe(2);
});
