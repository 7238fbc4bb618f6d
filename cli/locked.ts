import { hasEnded } from "./state-locks";
import type { UpdateOptions } from "./update";

/**
 * What to do about a lock.
 *
 * @param message Pulumi's own message. With a state in a file or a bucket it has who holds the lock:
 *   `... created by ann@laptop (pid 42) at 2026-01-01T09:00:00Z`.
 */
export function lockedText(
  message: string,
  { stack, shellSetup }: Pick<UpdateOptions, "stack" | "shellSetup">,
): string {
  const [, who, host = "", pid, since] =
    /: created by (\S+@(\S+) \(pid (\d+)\)) at (\S+)/.exec(message) ?? [];
  if (who !== undefined && hasEnded({ hostname: host, pid: Number(pid) }))
    return (
      `the last update of stack ${stack}, by ${who} since ${since}, was killed and left its lock: run ` +
      `\`npx modelfleet doctor --fix --stack ${stack}\`, then \`pulumi up --stack ${stack}\``
    );
  return (
    `another update of stack ${stack} is running${who === undefined ? "" : `, by ${who} since ${since}`}: ` +
    `run the same command again after it; if it was killed: ${after(shellSetup)}pulumi cancel --stack ${stack}`
  );
}

export function after(shellSetup: string | undefined): string {
  return shellSetup === undefined ? "" : `${shellSetup} && `;
}
