import { existsSync, readFileSync } from "node:fs";
import { processesOf } from "../cluster/processes";

/** How often to look, in milliseconds. */
const INTERVAL_MS = 250;

/** Of the processes of a folder. */
export interface MemoryWatch {
  /** Ends the watch. @returns The largest amount that all had together, in MiB; undefined where there is no /proc */
  stop(): Promise<number | undefined>;
}

/**
 * Begins to look at how much memory the processes with a folder as their mark have: the sum of what each has in main
 * memory, so that what two of them share counts twice.
 */
export function watchMemory(directory: string): MemoryWatch {
  if (!existsSync("/proc/self/status")) return { stop: async () => Promise.resolve(undefined) };
  let largest = 0;
  const look = async () => {
    const sizes = (await processesOf(directory)).map(({ pid }) => residentMiB(pid));
    largest = Math.max(
      largest,
      sizes.reduce((sum, size) => sum + size, 0),
    );
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, INTERVAL_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      return largest;
    },
  };
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html VmRSS */
function residentMiB(pid: number): number {
  try {
    const [, kib] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0; // It has just ended.
  }
}
