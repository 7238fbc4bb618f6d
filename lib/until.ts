import { setTimeout as sleep } from "node:timers/promises";

/** How often and for how long to poll, in milliseconds. */
export interface Polling {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/**
 * Polls until a condition gives a value, and returns that value. The condition runs at least once, also with a timeout
 * of 0; an error of the condition ends the polling.
 *
 * @param condition Gives false or undefined to be called again.
 * @returns undefined when the time is up.
 */
export async function until<T>(
  condition: () => Promise<T | false | undefined>,
  { intervalMs, timeoutMs }: Polling,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() >= deadline) return undefined;
    await sleep(intervalMs);
  }
}
