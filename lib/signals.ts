/** The signals that end a command: Ctrl-C, `kill`, and closing the terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ignores errors of the output streams: after the terminal is closed, a handler's output fails. */
const ignore = () => undefined;

/**
 * Calls a handler on signals instead of ending the command, so that it can take down what it started.
 *
 * @returns Removes the handler: the next signal ends the command.
 */
export function onSignals(handler: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of SIGNALS) process.on(signal, handler);
  for (const stream of [process.stdout, process.stderr]) stream.off("error", ignore).on("error", ignore);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
}
