/** How often running work prints its progress, in milliseconds. */
const SILENCE_MS = 10_000;

/** Prints one line to standard error; standard output is for the result of a command. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A duration as text: `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Runs work under a title: prints when it starts, every ten seconds while it runs, and when it ends.
 *
 * @param work Gets a function that sets the detail of the next progress line.
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
