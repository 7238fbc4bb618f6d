import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../lib/paths";
import { say } from "../../lib/progress";
import { onSignals } from "../../lib/signals";
import { UserError } from "../../lib/user-error";
import { stopCluster } from "../cluster/cluster";
import { TEST_CLUSTER_PREFIX } from "../places";
import { type Count, countReport } from "./report";

/** How long after a signal a second one counts as its echo, in milliseconds. */
const ECHO_MS = 1_000;

/**
 * Runs the tests of one vitest project, and removes all that they leave, their clusters included.
 *
 * @param filters Parts of the paths of the test files to run; none for all.
 * @throws UserError when a signal ended it
 */
export async function vitest(project: string, filters: readonly string[]): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), "modelfleet-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const run = execa("vitest", ["run", "--project", project, ...reporters, ...filters], {
    cwd: ROOT,
    preferLocal: true,
    reject: false,
    stdio: "inherit",
    // The tests write into one folder only, which is removed as a whole.
    env: { TMPDIR: folder },
  });
  // Vitest ends at once on a signal, without its teardown, so this process outlives it and stops its clusters.
  let signal: NodeJS.Signals | undefined;
  const stopListening = onSignals((name) => {
    if (signal !== undefined) return;
    signal = name;
    say(`! ${name}: stopping the tests' clusters`);
    run.kill(name);
    // npm sends a terminal's signal a second time; only a signal after that ends this process too.
    setTimeout(stopListening, ECHO_MS).unref();
  });
  try {
    const { exitCode } = await run;
    const count = countReport(await readFile(report, "utf8").catch(() => undefined), exitCode === 0);
    await removeAll(folder);
    if (signal === undefined) return count;
  } finally {
    stopListening();
  }
  throw new UserError(`stopped by ${signal}`);
}

async function removeAll(folder: string): Promise<void> {
  const clusters = (await readdir(folder)).filter((name) => name.startsWith(TEST_CLUSTER_PREFIX));
  const stops = await Promise.allSettled(clusters.map((name) => stopCluster(join(folder, name))));
  const failures = stops.flatMap((stop) => (stop.status === "rejected" ? [String(stop.reason)] : []));
  // A cluster that still runs has its files in the folder.
  if (failures.length > 0)
    throw new UserError(`clusters of the tests are still in ${folder}:\n${failures.join("\n")}`);
  await rm(folder, { recursive: true, force: true });
}
