import { EXIT } from "../../lib/main";
import { nearest } from "../../lib/nearest";
import { say } from "../../lib/progress";
import { UsageError } from "../../lib/user-error";
import { ensureSystemPackages } from "../cluster/node/system-packages";
import { type Result, staticChecks } from "./checks";
import { type Count, lastLine } from "./report";
import { vitest } from "./vitest";

const PARTS = ["unit", "e2e"] as const;
type Part = (typeof PARTS)[number];

/**
 * Runs all checks and tests, or a part of them; the last line is `N passed, N failed`.
 *
 * @param args The part, and filters for the paths of its test files.
 */
export async function runTests([part, ...filters]: readonly string[]): Promise<void> {
  const parts = part === undefined ? PARTS : [partOf(part)];
  const results: Result[] = [];
  const counts: Count[] = [];
  if (parts.includes("unit") && filters.length === 0) results.push(...(await staticChecks()));
  counts.push({ passed: 0, failed: results.filter(({ passed }) => !passed).length });
  for (const name of parts) {
    // Installs packages before the clusters start. If some are still missing, the tests say so.
    if (name === "e2e") await ensureSystemPackages();
    const count = await vitest(name, filters);
    counts.push(count);
    results.push({ title: `${name} tests`, passed: count.failed === 0 });
  }
  say("");
  for (const { title, passed } of results) say(`${passed ? "✓" : "✗"} ${title}`);
  process.stdout.write(`${lastLine(counts)}\n`);
  if (results.some(({ passed }) => !passed)) process.exitCode = EXIT.failed;
}

function partOf(text: string): Part {
  const part = PARTS.find((name) => name === text);
  if (part !== undefined) return part;
  const near = nearest(text, PARTS);
  throw new UsageError(
    `no part "${text}"; ${near ? `did you mean "${near}"?` : "the parts are unit and e2e"}`,
  );
}
