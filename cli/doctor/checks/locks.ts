import { type HeldLock, releaseLock } from "../../state-locks";
import type { Facts } from "../facts";
import type { Check, Finding } from "../finding";

/** Locks of updates that were killed. */
export const locks: Check = {
  of: "locks",
  look: async (facts) => {
    const held = await facts.locks();
    if (held === undefined) {
      const problem = `locks of the backend ${await facts.backend()} cannot be seen from here; \`pulumi up\` names the holder`;
      return [{ level: "note", problem }];
    }
    return held.map((lock) => findingOf(lock, facts));
  },
};

function findingOf(lock: HeldLock, { name }: Facts): Finding {
  const { pid, hostname, username, timestamp, holder, command } = lock;
  const since = timestamp === undefined ? "" : ` since ${timestamp}`;
  const who = `${username === undefined ? "" : `${username} on `}${hostname} (process ${pid})`;
  const cancel = `\`pulumi cancel --stack ${name}\`, then \`pulumi up --stack ${name}\``;
  const text = `stack ${name} is locked by ${who}${since}`;
  if (holder === "running") return { level: "note", problem: `${text}: ${command} runs` };
  if (holder === "elsewhere")
    return {
      level: "note",
      problem: `${text}, which cannot be seen from here; if no update runs there: ${cancel}`,
    };
  if (holder === "replaced")
    return { problem: `${text}, which is another program now (${command || "unknown"})`, fix: cancel };
  return {
    problem: `${text}, which has ended`,
    fix: cancel,
    mend: {
      does: `remove the lock of process ${pid}`,
      run: () => {
        const isDone = releaseLock(lock);
        const text = isDone
          ? `removed the lock of process ${pid}; \`pulumi up --stack ${name}\` completes or undoes its update`
          : `left the lock of process ${pid}, since a process has this ID again`;
        return Promise.resolve([{ isDone, text }]);
      },
    },
  };
}
