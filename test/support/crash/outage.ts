import { spawn } from "node:child_process";
import { openSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { logFile, processesOf } from "../../../dev/cluster/processes";

/** The longest time for which a process of the control plane is stopped or gone, in milliseconds. */
const LONGEST_MS = 5_000;

/**
 * Stops etcd or the API server for up to five seconds, or kills it and starts it again.
 *
 * @param choice Which of them, how, and for how long, from 0 to 1.
 * @returns what is done, and when it is over
 */
export async function beginOutage(
  cluster: string,
  choice: number,
): Promise<{ readonly victim: string; readonly over: Promise<void> }> {
  const name = choice < 0.5 ? "etcd" : "kube-apiserver";
  const isKilled = (choice * 4) % 2 < 1;
  const milliseconds = Math.max(200, ((choice * 4) % 1) * LONGEST_MS);
  const found = (await processesOf(cluster)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} does not run`);
  const again = isKilled
    ? restarter(cluster, name, found.pid)
    : () => void process.kill(found.pid, "SIGCONT");
  process.kill(found.pid, isKilled ? "SIGKILL" : "SIGSTOP");
  return { victim: `${name} ${isKilled ? "killed" : "stopped"}`, over: sleep(milliseconds).then(again) };
}

/** Starts a process of the cluster again, as it runs now. */
function restarter(cluster: string, name: string, pid: number): () => void {
  const proc = (file: string) => `/proc/${pid}/${file}`;
  const words = (file: string) => readFileSync(proc(file), "utf8").split("\0").slice(0, -1);
  const program = readlinkSync(proc("exe"));
  const [argv0 = name, ...args] = words("cmdline");
  const cwd = readlinkSync(proc("cwd"));
  const env = Object.fromEntries(
    words("environ").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  return () => {
    const log = openSync(logFile(cluster, name), "a");
    spawn(program, args, { argv0, cwd, env, detached: true, stdio: ["ignore", log, log] }).unref();
  };
}
