import { existsSync, readFileSync } from "node:fs";
import { parseStat, processesOf } from "../cluster/processes";

/** How often to look, in milliseconds. */
const INTERVAL_MS = 250;

/** What the processes of a folder used. */
export interface ProcessUsage {
  /** The most that all had in main memory together, in MiB; what two of them share counts twice. */
  readonly memory: number;
  /** Processor time by the file name of the program, in seconds, but the last quarter of a second of each process. */
  readonly cpuBy: Readonly<Record<string, number>>;
}

export interface ProcessWatch {
  /** Ends the watch; undefined where there is no /proc, and if all ended before they were seen. */
  stop(): Promise<ProcessUsage | undefined>;
}

/** Begins to look at the processes with a folder as their mark. */
export function watchProcesses(directory: string): ProcessWatch {
  if (!existsSync("/proc/self/status")) return { stop: async () => Promise.resolve(undefined) };
  let memory = 0;
  const used = new Map<number, { readonly name: string; readonly seconds: number }>();
  const look = async () => {
    let together = 0;
    for (const { pid, name } of await processesOf(directory)) {
      const found = usageOf(pid);
      if (found === undefined) continue;
      together += found.memory;
      used.set(pid, { name, seconds: found.seconds });
    }
    memory = Math.max(memory, together);
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, INTERVAL_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      const cpuBy: Record<string, number> = {};
      for (const { name, seconds } of used.values()) cpuBy[name] = (cpuBy[name] ?? 0) + seconds;
      // A command may end before anybody looks.
      return memory > 0 ? { memory, cpuBy } : undefined;
    },
  };
}

/**
 * Undefined for a process that has just ended.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html VmRSS
 */
function usageOf(pid: number): { readonly memory: number; readonly seconds: number } | undefined {
  try {
    const [, kib] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    const { cpuSeconds: seconds } = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return { memory: Number(kib ?? 0) / 1024, seconds };
  } catch {
    return undefined;
  }
}
