import type { Bench, Command } from "./contender";
import { controlPlaneCpu } from "./control-plane-cpu";
import { measure } from "./measure";
import { type ProcessUsage, watchProcesses } from "./processes";
import type { ReadinessWatch } from "./readiness";

/** What one phase took, in seconds, and what its processes used, where there is /proc. */
export interface Times extends Partial<ProcessUsage> {
  /** Until the contender's last command had returned. */
  readonly returned: number;
  /** Until all Deployments were available, by the benchmark's own watch. @default the phase changes nothing */
  readonly available?: number;
  /** Until both: only then the user knows. @default the phase changes nothing */
  readonly ready?: number;
  /** Processor time of the commands and of all their processes. */
  readonly cpu: number;
  /** Processor time of the control plane until the phase's end. @default there is no /proc */
  readonly controlPlaneCpu?: number;
}

/** What a phase is measured with. */
export interface Instruments {
  readonly bench: Bench;
  /** The session's folder. */
  readonly directory: string;
  readonly watch: ReadinessWatch;
  readonly signal: AbortSignal;
}

/** Measures commands that leave this many Deployments, until all are available. */
export async function measureApply(
  commands: readonly Command[],
  count: number,
  instruments: Instruments,
): Promise<Times> {
  const { watch, signal } = instruments;
  return measured(commands, instruments, async (returned, start) => {
    const moment = await watch.available(count, signal);
    // It lies before the start if the commands changed no Deployment.
    const available = Math.max(0, moment - start) / 1000;
    return { available, ready: Math.max(returned, available) };
  });
}

/** Measures a command after which no Deployment is awaited. */
export async function measureCheck(
  command: Command,
  instruments: Omit<Instruments, "watch">,
): Promise<Times> {
  return measured([command], instruments, async () => Promise.resolve({}));
}

async function measured(
  commands: readonly Command[],
  { bench, directory, signal }: Omit<Instruments, "watch">,
  ending: (returned: number, start: number) => Promise<Partial<Times>>,
): Promise<Times> {
  const before = await controlPlaneCpu(bench.cluster);
  const processes = watchProcesses(directory);
  const start = performance.now();
  let usage: ProcessUsage | undefined;
  const { seconds, cpuSeconds } = await measure(commands, directory, signal).finally(async () => {
    // After a failure too: the watch would keep this process from ending.
    usage = await processes.stop();
  });
  const end = await ending(seconds, start);
  const after = await controlPlaneCpu(bench.cluster);
  return {
    returned: seconds,
    ...end,
    cpu: cpuSeconds,
    ...usage,
    ...(before !== undefined && after !== undefined && { controlPlaneCpu: after - before }),
  };
}
