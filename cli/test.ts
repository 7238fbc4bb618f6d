import { execa } from "execa";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, say, step } from "../lib/progress";
import { UserError } from "../lib/user-error";
import { ROOT } from "./environment";
import { type Count, countReport, lastLine } from "./test-report";

const PARTS = ["unit", "e2e"] as const;
type Part = (typeof PARTS)[number];

// `npm test` runs everything; `npm test -- unit [filter...]` and `npm test -- e2e [filter...]` a part.
await main(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [part, ...filters] = positionals;
  if (part !== undefined && !isPart(part)) throw new UserError(`no part "${part}": say unit or e2e.`);
  const parts = part === undefined ? PARTS : [part];
  const results: [title: string, passed: boolean][] = [];
  const counts: Count[] = [];
  if (parts.includes("unit") && filters.length === 0) results.push(...(await staticChecks()));
  for (const name of parts) {
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
  try {
    const run = await execa("vitest", ["run", "--project", project, ...reporters, ...filters], {
      cwd: ROOT,
      preferLocal: true,
      reject: false,
      stdio: "inherit",
    });
    return countReport(await readFile(report, "utf8").catch(() => undefined), run.exitCode === 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
