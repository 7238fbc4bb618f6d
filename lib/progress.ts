/** How long work may print nothing, in milliseconds; then it says that it goes on, and since when. */
const SILENCE_MS = 10_000;

/** Prints one line to standard error, so that standard output stays free for what a command returns. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A duration as people say it: `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Runs work under a title: says when it begins, every ten seconds that it goes on (with the latest detail that the
 * work gave), and when it ends.
 */
export async function step<T>(
  title: string,
  work: (detail: (text: string) => void) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  let latest = "";
  say(`… ${title}`);
  const timer = setInterval(() => {
    say(`  ${title}: ${latest ? `${latest}, ` : ""}${duration(performance.now() - began)} so far`);
  }, SILENCE_MS);
  try {
    const result = await work((text) => {
      latest = text;
    });
    say(`✓ ${title} (${duration(performance.now() - began)})`);
    return result;
  } catch (error) {
    say(`✗ ${title} (${duration(performance.now() - began)})`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
