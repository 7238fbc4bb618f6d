/**
 * Runs work that only one process of this machine may do at a time. Waits, however long, while another process holds
 * the lock; a lock whose holder was killed is taken over.
 *
 * @param path The lock file. Its folder is created; whoever holds it or waits for it has a file
 *   `<path>.<process>.<number>` beside it meanwhile.
 * @param options.waiting Called once, with the holder's process id, when there is something to wait for.
 * @throws Whatever the work throws; the lock is free again then.
 */
export function withLock<T>(
  path: string,
  options: { readonly waiting: (pid: number) => void },
  work: () => Promise<T>,
): Promise<T>;
