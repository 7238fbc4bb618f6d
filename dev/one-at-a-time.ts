import { join } from "node:path";
import { withLock } from "../lib/lock.mjs";
import { say } from "../lib/progress";
import { LOCAL_DIRECTORY } from "./places";

/**
 * Runs the work of `npm start` or `npm stop`, of which a checkout has one at a time: a stop between the start of the
 * cluster and the update would take the cluster from under the update.
 */
export function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const waiting = (pid: number) => say(`… waiting for process ${pid}, which runs npm start or npm stop`);
  return withLock(join(LOCAL_DIRECTORY, "start.lock"), { waiting }, work);
}
