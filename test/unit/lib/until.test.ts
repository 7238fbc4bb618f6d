import { describe, expect, test, vi } from "vitest";
import { until } from "../../../lib/until";

describe("until", () => {
  test("returns the first value of the condition", async () => {
    const values = [undefined, false, 0, 1] as const;
    const condition = vi.fn(async () => values[condition.mock.calls.length - 1]);
    expect(await until<number>(condition, { intervalMs: 1, timeoutMs: 10_000 })).toBe(0);
    expect(condition).toHaveBeenCalledTimes(3);
  });

  test("waits the interval between two calls", async () => {
    const times: number[] = [];
    const condition = async () => times.push(performance.now()) === 3;
    expect(await until(condition, { intervalMs: 30, timeoutMs: 10_000 })).toBe(true);
    // A timer may fire a fraction of a millisecond early.
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(59);
  });

  test("returns undefined when the time is up", async () => {
    expect(await until(async () => false, { intervalMs: 5, timeoutMs: 20 })).toBeUndefined();
  });

  test("calls the condition once when the timeout is 0", async () => {
    const condition = vi.fn(async () => false);
    await until(condition, { intervalMs: 1, timeoutMs: 0 });
    expect(condition).toHaveBeenCalledTimes(1);
  });

  test("throws what the condition throws, and does not call it again", async () => {
    const condition = vi.fn(() => Promise.reject(new Error("no route")));
    await expect(until(condition, { intervalMs: 1, timeoutMs: 10_000 })).rejects.toThrow("no route");
    expect(condition).toHaveBeenCalledTimes(1);
  });
});
