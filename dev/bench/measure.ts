import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa, ExecaError } from "execa";
import { killProcesses, MARK } from "../cluster/processes";
import type { Command } from "./contender";

/** What one run of one or more commands took. */
export interface Usage {
  /** Wall-clock time, in seconds. */
  readonly seconds: number;
  /** Processor time of the commands and of all that they started and waited for, in seconds. */
  readonly cpuSeconds: number;
}

/** No command runs longer than this, in milliseconds: the benchmark ends. */
export const TIMEOUT_MS = 15 * 60_000;

/**
 * The shell's own `time`, for what a process's children used is told to its parent alone. Its report goes to the file
 * of `$0`; the command keeps the standard streams.
 */
const TIMED = `TIMEFORMAT='%R %U %S'; { time "$@" 1>&3 2>&4; } 3>&1 4>&2 2>"$0"`;

/**
 * Runs commands one after another and adds up what they took. Every process of theirs bears the folder as its mark, by
 * which `killProcesses` finds what is left of them when they are cut short.
 *
 * @throws Error with the last lines that the command printed, when it fails or takes longer than {@link TIMEOUT_MS}
 */
export async function measure(
  commands: readonly Command[],
  directory: string,
  signal: AbortSignal,
): Promise<Usage> {
  const report = join(directory, "time.txt");
  let total: Usage = { seconds: 0, cpuSeconds: 0 };
  for (const command of commands) {
    signal.throwIfAborted();
    await runTimed(command, report, directory, signal);
    const { seconds, cpuSeconds } = parseTimes(readFileSync(report, "utf8"));
    total = { seconds: total.seconds + seconds, cpuSeconds: total.cpuSeconds + cpuSeconds };
  }
  return total;
}

async function runTimed(
  { file, args, cwd, env }: Command,
  report: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  let timedOut = false;
  // All of its processes at once: Pulumi's plugins, in process groups of their own, outlive a Pulumi that is killed.
  const stop = () => void killProcesses(directory).catch(() => undefined);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, TIMEOUT_MS);
  signal.addEventListener("abort", stop);
  // Detached, since a Ctrl-C at the terminal is ours to handle: Pulumi would begin to tidy up by itself.
  const options = {
    cwd,
    env: { ...env, [MARK]: directory },
    stdin: "ignore",
    all: true,
    detached: true,
  } as const;
  try {
    await execa("bash", ["-c", TIMED, report, file, ...args], options);
  } catch (error) {
    signal.throwIfAborted();
    const command = [file, ...args].join(" ");
    if (timedOut)
      throw new Error(`took more than ${TIMEOUT_MS / 60_000} minutes: ${command}`, { cause: error });
    if (!(error instanceof ExecaError)) throw error;
    const words = String(error.all ?? "")
      .trim()
      .split("\n")
      .slice(-12);
    throw new Error(`ended with ${error.exitCode}: ${command}\n${words.join("\n")}`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** Reads `<real> <user> <system>` in seconds, the last line of a report; some locales write a decimal comma. */
export function parseTimes(report: string): Usage {
  const line = report.trim().split("\n").at(-1) ?? "";
  const numbers = line.split(" ").map((text) => Number(text.replace(",", ".")));
  const [seconds, user, system] = numbers;
  if (seconds === undefined || user === undefined || system === undefined || numbers.some(Number.isNaN)) {
    throw new Error(`"${line}" is not what the shell's time reports`);
  }
  return { seconds, cpuSeconds: user + system };
}
