import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa, ExecaError } from "execa";
import { killProcesses, MARK } from "../cluster/processes";
import { goEnvironment } from "../pulumi-environment";
import type { Command } from "./contender";

/** The time that one or more commands took. */
export interface Usage {
  /** Wall-clock time, in seconds. */
  readonly seconds: number;
  /** Processor time of the commands and of the processes that they started and waited for, in seconds. */
  readonly cpuSeconds: number;
}

/** How long a command may run, in milliseconds; a longer one fails. */
export const TIMEOUT_MS = 15 * 60_000;

/**
 * Uses the shell's own `time`, since only a parent process learns what its child processes used. The report goes to the
 * file `$0`; the command keeps the standard streams.
 */
const TIMED = `TIMEFORMAT='%R %U %S'; { time "$@" 1>&3 2>&4; } 3>&1 4>&2 2>"$0"`;

/**
 * Runs commands one after another and adds up their times. Their processes have the directory as their mark, so that
 * `killProcesses` finds them when they are interrupted.
 *
 * @throws Error with the end of the command's output, when it fails or takes longer than {@link TIMEOUT_MS}
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
  // Kills all of its processes: Pulumi's plugins have their own process groups and keep running when Pulumi dies.
  const stop = () => void killProcesses(directory).catch(() => undefined);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, TIMEOUT_MS);
  signal.addEventListener("abort", stop);
  // Detached, so that Ctrl-C reaches only this command: Pulumi would start to clean up by itself.
  const options = {
    cwd,
    // For every contender, since `npm run env` gives it to modelfleet.
    env: { ...goEnvironment(), ...env, [MARK]: directory },
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
    const lines = String(error.all ?? "")
      .trim()
      .split("\n")
      .slice(-12);
    throw new Error(`ended with exit code ${error.exitCode}: ${command}\n${lines.join("\n")}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** Reads the last line of a report: `<real> <user> <system>` in seconds, in some locales with a decimal comma. */
export function parseTimes(report: string): Usage {
  const line = report.trim().split("\n").at(-1) ?? "";
  const numbers = line.split(" ").map((text) => Number(text.replace(",", ".")));
  const [seconds, user, system] = numbers;
  if (seconds === undefined || user === undefined || system === undefined || numbers.some(Number.isNaN)) {
    throw new Error(`"${line}" is not a report of the shell's time`);
  }
  return { seconds, cpuSeconds: user + system };
}
