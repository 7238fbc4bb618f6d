/**
 * Runs pieces of work, at most this many at a time and the others after them.
 *
 * @example
 * const limited = atMost(8);
 * await Promise.all(urls.map((url) => limited(() => fetch(url))));
 */
export function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
