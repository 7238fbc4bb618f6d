import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { ROOT } from "../../lib/paths";
import { main, say, step } from "../../lib/progress";
import { onSignals } from "../../lib/signals";
import { UserError } from "../../lib/user-error";
import { stopCluster } from "../cluster/cluster";
import { ensureSystemPackages } from "../cluster/node/system-packages";
import { TEST_CLUSTER_PREFIX } from "../places";
import { type Count, countReport, lastLine } from "../test-report";

const PARTS = ["unit", "e2e"] as const;
type Part = (typeof PARTS)[number];

/** For how long after a signal another one is taken for its echo, in milliseconds. */
const ECHO_MS = 1_000;

// `npm test` runs everything; `npm test -- unit [filter...]` and `npm test -- e2e [filter...]` a part.
await main(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [part, ...filters] = positionals;
  if (part !== undefined && !isPart(part)) throw new UserError(`no part "${part}": say unit or e2e.`);
  const parts = part === undefined ? PARTS : [part];
  const results: [title: string, passed: boolean][] = [];
  const counts: Count[] = [];
  if (parts.includes("unit") && filters.length === 0) results.push(...(await staticChecks()));
  counts.push({ passed: 0, failed: results.filter(([, passed]) => !passed).length });
  for (const name of parts) {
    // Whatever is still missing, the tests say themselves, once the clusters stand.
    if (name === "e2e") await ensureSystemPackages();
    const count = await vitest(name, filters);
    counts.push(count);
    results.push([`${name} tests`, count.failed === 0]);
  }
  say("");
  for (const [title, passed] of results) say(`${passed ? "✓" : "✗"} ${title}`);
  process.stdout.write(`${lastLine(counts)}\n`);
  if (results.some(([, passed]) => !passed)) process.exitCode = 1;
});

function isPart(text: string): text is Part {
  return (PARTS as readonly string[]).includes(text);
}

/** Type-check, lint and format, side by side: each of them uses one core. */
async function staticChecks(): Promise<[title: string, passed: boolean][]> {
  const checks: [title: string, command: string, ...args: string[]][] = [
    ["types", "tsc"],
    ["lint", "eslint", "."],
    ["format", "prettier", "--check", "."],
  ];
  const outcomes = await step("Checking types, lint and format", () =>
    Promise.all(
      checks.map(async ([title, command, ...args]) => {
        const run = await execa(command, args, { cwd: ROOT, preferLocal: true, reject: false, all: true });
        return { title, passed: !run.failed, output: run.all };
      }),
    ),
  );
  for (const { output, passed } of outcomes) if (!passed) say(output);
  return outcomes.map(({ title, passed }) => [title, passed]);
}

async function vitest(project: Part, filters: readonly string[]): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), "modelfleet-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const run = execa("vitest", ["run", "--project", project, ...reporters, ...filters], {
    cwd: ROOT,
    preferLocal: true,
    reject: false,
    stdio: "inherit",
    // All that the tests write is in one folder, so that nothing of it stays.
    env: { TMPDIR: folder },
  });
  // Vitest ends at once on a signal, without its teardown: this command outlives it and takes its clusters down.
  let signal: NodeJS.Signals | undefined;
  const stopListening = onSignals((name) => {
    if (signal !== undefined) return;
    signal = name;
    say(`! ${name}: taking the tests' clusters down`);
    run.kill(name);
    // A second one ends this command too, but not the one that npm passes on after the terminal has sent it.
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
  // What still lives has its files in there.
  if (failures.length > 0)
    throw new UserError(`the tests' clusters in ${folder} stay:\n${failures.join("\n")}`);
  await rm(folder, { recursive: true, force: true });
}
