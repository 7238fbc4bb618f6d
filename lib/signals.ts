/** What ends a command from outside: Ctrl-C, `kill`, a terminal that is closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Of a terminal that is closed, the streams go before its signal is handled: what is said then is said to nobody. */
const toNobody = () => undefined;

/**
 * Calls a handler instead of ending at once, for a command that has something to take down first.
 *
 * @returns Lets the next signal end the command.
 */
export function onSignals(handler: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of SIGNALS) process.on(signal, handler);
  for (const stream of [process.stdout, process.stderr]) stream.off("error", toNobody).on("error", toNobody);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
}
