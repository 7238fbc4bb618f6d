import { existsSync, readFileSync } from "node:fs";
import { controlPlaneProcesses } from "../cluster/control-plane";
import { parseStat, processesOf } from "../cluster/processes";

/**
 * The processor time that the control plane of a cluster with simulated nodes has used since its start, in seconds: etcd,
 * API server, controller manager, scheduler and kwok. Undefined where there is no /proc.
 *
 * @param directory The cluster's folder.
 */
export async function controlPlaneCpu(directory: string): Promise<number | undefined> {
  if (!existsSync("/proc/self/stat")) return undefined;
  const names = controlPlaneProcesses("simulated");
  const running = (await processesOf(directory)).filter(({ name }) => names.includes(name));
  const used = running.map(({ pid }) => parseStat(readFileSync(`/proc/${pid}/stat`, "utf8")).cpuSeconds);
  return used.reduce((sum, seconds) => sum + seconds, 0);
}
