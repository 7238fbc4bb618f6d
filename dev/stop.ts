import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { leaveEnvironment } from "../cli/local-environment";
import { untilUpdated } from "../cli/state-locks";
import { ROOT } from "../lib/paths";
import { say, step } from "../lib/progress";
import { stopCluster } from "./cluster/cluster";
import { oneAtATime } from "./one-at-a-time";
import { CLUSTER_DIRECTORY, LOCAL_DIRECTORY, NAMED_DIRECTORY, STATE_DIRECTORY } from "./places";

/**
 * Stops the local cluster once no `npm start` and no update of its stacks is running. Its Pulumi state stays, since
 * `npm start` refreshes it, unless `purge` removes that too.
 */
export async function stop({ purge }: { readonly purge: boolean }): Promise<void> {
  await oneAtATime(async () => {
    await untilUpdated(STATE_DIRECTORY, (text) => say(`… ${text}`));
    leaveEnvironment(ROOT, undefined);
    await step("Stopping the local cluster", () => stopCluster(CLUSTER_DIRECTORY));
    if (purge) await removeAll();
  });
}

/** Removes .modelfleet/, except for the states of the user's own clusters. */
async function removeAll(): Promise<void> {
  for (const entry of await readdir(LOCAL_DIRECTORY).catch(() => [])) {
    const path = join(LOCAL_DIRECTORY, entry);
    if (path !== NAMED_DIRECTORY) await rm(path, { recursive: true, force: true });
  }
  const rest = await readdir(LOCAL_DIRECTORY).catch(() => []);
  if (rest.length === 0) await rm(LOCAL_DIRECTORY, { recursive: true, force: true });
  say(
    `✓ Removed .modelfleet${rest.length === 0 ? "" : " except for named/, the states of your own clusters"}`,
  );
}
