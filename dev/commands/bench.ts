import { main, say } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import type { Bench, Contender, ContenderName } from "../bench/contender";
import { kubectl } from "../bench/contenders/kubectl";
import { modelfleet } from "../bench/contenders/modelfleet";
import { plainPulumi } from "../bench/contenders/plain-pulumi";
import { python } from "../bench/contenders/python";
import { type BenchOptions, parseOptions } from "../bench/options";
import { pythonWithClient } from "../bench/python-client";
import { circumstances, type Circumstances, describe, writeReport } from "../bench/report";
import { runAll } from "../bench/run";
import { type Run, summarize } from "../bench/statistics";
import { growthTable, timesTable } from "../bench/table";
import { withBench } from "../bench/with-bench";

// Compares modelfleet with other ways to the same objects: `npm run bench -- --models 10,30 --skip plain-pulumi`.
await main(async () => {
  const options = parseOptions(process.argv.slice(2));
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
    if (runs.length > 0) await tell(found, options, runs);
  }
  if (runs.some(({ failure }) => failure !== undefined)) {
    throw new UserError("not everything could be measured; the tables say what, and why");
  }
});

/** Prints the tables, and writes everything down. */
async function tell(found: Circumstances, options: BenchOptions, runs: readonly Run[]): Promise<void> {
  const medians = summarize(runs);
  const parts = [describe(found), timesTable(medians)];
  if (new Set(medians.map(({ models }) => models)).size > 1) parts.push(growthTable(medians));
  for (const { contender, models, failure } of runs) {
    if (failure !== undefined) parts.push(`Left out: ${contender} with ${models} models ${failure}`);
  }
  process.stdout.write(`\n${parts.join("\n\n")}\n\n`);
  say(`All figures: ${await writeReport({ ...found, options, medians, runs })}`);
}

/** A contender, or why it cannot take part here. */
async function contenderOf(name: ContenderName, bench: Bench): Promise<Contender | string> {
  switch (name) {
    case "modelfleet":
      return modelfleet(bench);
    case "kubectl":
      return kubectl(bench);
    case "plain-pulumi":
      return plainPulumi(bench);
    case "python": {
      const client = await pythonWithClient();
      return "reason" in client ? client.reason : python(bench, client.interpreter);
    }
  }
}
