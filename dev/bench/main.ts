import { say } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { ensureTools } from "../toolchain/ensure";
import { pythonPackages } from "../toolchain/python";
import type { Bench, Contender, ContenderName } from "./contender";
import { helm } from "./contenders/helm";
import { kubectl } from "./contenders/kubectl";
import { limit } from "./contenders/limit";
import { modelfleet, modelfleetVerbs } from "./contenders/modelfleet";
import { plainPulumi } from "./contenders/plain-pulumi";
import { python } from "./contenders/python";
import { oneOfMany, smallPreview } from "./empty-program";
import { type BenchOptions, parseOptions } from "./options";
import { circumstances, type Circumstances, describe, writeReport } from "./report";
import { runAll } from "./run";
import { type Run, summarize } from "./statistics";
import { growthTable, programsTable, timesTables } from "./table";
import { withBench } from "./with-bench";

/**
 * Runs the benchmark and prints its tables, also when it is interrupted or some of it fails.
 *
 * @param values The options of `npm run bench` that were given.
 */
export async function bench(values: Readonly<Record<string, string | undefined>>): Promise<void> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const options = parseOptions(given.map(([name, value]) => `--${name}=${value}`));
  const found = await circumstances();
  const runs: Run[] = [];
  try {
    await withBench(async (context) => {
      const contenders: Contender[] = [];
      for (const name of options.contenders) {
        const contender = await contenderOf(name, context.bench);
        if (typeof contender === "string") say(`! ${name} is left out: ${contender}`);
        else contenders.push(contender);
      }
      await runAll(contenders, options, context, runs);
    });
  } finally {
    if (runs.length > 0) await print(found, options, runs);
  }
  if (runs.some(({ failure }) => failure !== undefined)) {
    throw new UserError("not everything could be measured; the reasons are below the tables");
  }
}

/**
 * Compares modelfleet with programs of Pulumi that make nothing in the cluster, and prints the tables.
 *
 * @param models How many models the larger fleet has, whose update is compared. @default 1,000
 */
export async function emptyPrograms(models = "1000"): Promise<void> {
  const { models: sizes } = parseOptions([`--models=${models}`]);
  const found = await circumstances();
  const tables: string[] = [];
  try {
    await withBench(async (context) => {
      tables.push(await smallPreview(context));
      for (const size of sizes) tables.push(await oneOfMany(context, size));
    });
  } finally {
    if (tables.length > 0) process.stdout.write(`\n${[describe(found), ...tables].join("\n\n")}\n`);
  }
}

/** Prints the tables, and writes all figures to a file. */
async function print(found: Circumstances, options: BenchOptions, runs: readonly Run[]): Promise<void> {
  const summaries = summarize(runs);
  const parts = [describe(found), timesTables(summaries)];
  if (new Set(summaries.map(({ models }) => models)).size > 1) parts.push(growthTable(summaries));
  const programs = programsTable(runs);
  if (programs !== undefined) parts.push(programs);
  for (const { contender, models, failure } of runs) {
    if (failure !== undefined) parts.push(`Left out: ${contender} with ${models} models ${failure}`);
  }
  process.stdout.write(`\n${parts.join("\n\n")}\n\n`);
  say(`All figures: ${await writeReport({ ...found, options, summaries, runs })}`);
}

/** A contender, or why it cannot run on this machine. */
async function contenderOf(name: ContenderName, bench: Bench): Promise<Contender | string> {
  switch (name) {
    case "modelfleet":
      return modelfleet(bench);
    case "verbs":
      return modelfleetVerbs(bench);
    case "kubectl":
      return kubectl(bench);
    case "helm": {
      try {
        return helm(bench, (await ensureTools(["helm"])).helm);
      } catch (error) {
        if (error instanceof UserError) return error.message;
        throw error;
      }
    }
    case "plain-pulumi":
      return plainPulumi(bench);
    case "limit":
      return limit(bench);
    case "python": {
      const client = await pythonPackages();
      return "reason" in client ? client.reason : python(bench, client.interpreter);
    }
  }
}
