import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, say, step } from "../../lib/progress";
import { stopCluster } from "../cluster/cluster";
import { CLUSTER_DIRECTORY, LOCAL_DIRECTORY, NAMED_DIRECTORY } from "../places";

// Stops the local cluster. Pulumi's state stays, since `npm start` refreshes it; --purge removes that too.
await main(async () => {
  const { values } = parseArgs({ options: { purge: { type: "boolean", default: false } } });
  await step("Stopping the local cluster", () => stopCluster(CLUSTER_DIRECTORY));
  if (!values.purge) return;
  for (const entry of await readdir(LOCAL_DIRECTORY).catch(() => [])) {
    const path = join(LOCAL_DIRECTORY, entry);
    if (path !== NAMED_DIRECTORY) await rm(path, { recursive: true, force: true });
  }
  // Gone too, unless it still holds the states of named clusters.
  const rest = await readdir(LOCAL_DIRECTORY).catch(() => []);
  if (rest.length === 0) await rm(LOCAL_DIRECTORY, { recursive: true, force: true });
  say(
    `✓ Removed .modelfleet${rest.length === 0 ? "" : " but for named/, the states of clusters that were named"}`,
  );
});
