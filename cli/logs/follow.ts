import { setTimeout as sleep } from "node:timers/promises";
import { containerOf } from "../../failures/pod";
import { podsOfModel } from "../../fleet/owner";
import { NoResponse } from "../../kubernetes/api";
import { say } from "../../lib/progress";
import type { OpenFleet } from "../open-fleet";
import { type ModelPod, podsOf } from "../pods";
import { splitTitle } from "../variants";
import { isBefore } from "./lines";
import { openLog } from "./pod-log";

/** How often to look for new pods and restarted containers, in milliseconds. */
const POLL_MS = 2_000;

/** One run of a pod's container. */
interface Run {
  isOpen: boolean;
  /** The time of its last printed line; empty before the first. */
  last: string;
}

type Print = (pod: string, text: string) => Promise<void>;
type Cluster = Pick<OpenFleet, "api" | "namespace" | "stack">;

/**
 * Prints the logs of a model's pods as they come, until a signal ends the command. New pods and restarted containers
 * join; a connection that breaks is opened again where it ended.
 *
 * @throws UserError when the account may not read logs
 */
export async function follow(fleet: Cluster, id: string, print: Print, pollMs = POLL_MS): Promise<never> {
  const runs = new Map<string, Run>();
  const failures: unknown[] = [];
  for (;;) {
    for (const pod of await podsNow(fleet, id)) {
      const run = runToOpen(runs, pod);
      if (run === undefined) continue;
      run.isOpen = true;
      const end = followRun(fleet, pod, run, print).catch((error: unknown) => failures.push(error));
      void end.then(() => (run.isOpen = false));
    }
    await sleep(pollMs);
    if (failures.length > 0) throw failures[0];
  }
}

async function podsNow({ api, namespace, stack }: Cluster, text: string): Promise<readonly ModelPod[]> {
  const { id, variant } = splitTitle(text);
  try {
    return await podsOf(api, namespace, podsOfModel(id, stack, variant));
  } catch (error) {
    if (!(error instanceof NoResponse)) throw error;
    say(`${error.message}; trying again`);
    return [];
  }
}

/** The run of a pod's container, if it has a log that is neither open nor read to its end. */
function runToOpen(runs: Map<string, Run>, pod: ModelPod): Run | undefined {
  const { state = {}, lastState = {}, restartCount = 0 } = containerOf(pod);
  const hasRun = [state.running, state.terminated, lastState.terminated].some((one) => one !== undefined);
  if (!hasRun) return undefined;
  const key = `${pod.metadata.uid}/${restartCount}`;
  const known = runs.get(key);
  // What the connection to a running container gave may not be all.
  if (known !== undefined) return known.isOpen || state.running === undefined ? undefined : known;
  const run = { isOpen: false, last: "" };
  runs.set(key, run);
  return run;
}

async function followRun(fleet: Cluster, pod: ModelPod, run: Run, print: Print): Promise<void> {
  try {
    const seen = { time: run.last, text: "" };
    const lines = await openLog(fleet, pod, { follow: true, since: run.last });
    if (typeof lines === "string") return;
    for await (const line of lines) {
      // The API server counts from a whole second on.
      if (seen.time !== "" && !isBefore(seen, line)) continue;
      await print(pod.metadata.name, line.text);
      if (line.time !== "") run.last = line.time;
    }
  } catch (error) {
    if (!(error instanceof NoResponse)) throw error;
  }
}
