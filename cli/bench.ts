import { join } from "node:path";
import type { Bench, Contender, ContenderName } from "../bench/contender";
import { kubectl } from "../bench/contenders/kubectl";
import { modelfleet } from "../bench/contenders/modelfleet";
import { plainPulumi } from "../bench/contenders/plain-pulumi";
import { python } from "../bench/contenders/python";
import { parseOptions } from "../bench/options";
import { pythonWithClient } from "../bench/python-client";
import { circumstances, describe, writeReport } from "../bench/report";
import { runAll } from "../bench/run";
import { summarize } from "../bench/statistics";
import { growthTable, timesTable } from "../bench/table";
import { withBench } from "../bench/with-bench";
import { main, say } from "../lib/progress";
import { UserError } from "../lib/user-error";
import { LOCAL_DIRECTORY } from "./environment";

// Compares modelfleet with other ways to the same objects: `npm run bench -- --models 10,30 --skip plain-pulumi`.
await main(async () => {
  const options = parseOptions(process.argv.slice(2));
  const found = await circumstances();
  const runs = await withBench(join(LOCAL_DIRECTORY, "bench", "run"), async (context) => {
    const contenders: Contender[] = [];
    for (const name of options.contenders) {
      const contender = await contenderOf(name, context.bench);
      if (typeof contender === "string") say(`! ${name} is left out: ${contender}`);
      else contenders.push(contender);
    }
    return runAll(contenders, options, context);
  });

  const medians = summarize(runs);
  const growth = growthTable(medians);
  const parts = [describe(found), timesTable(medians), ...(options.models.length > 1 ? [growth] : [])];
  process.stdout.write(`\n${parts.join("\n\n")}\n\n`);
  say(`All figures: ${await writeReport({ ...found, options, medians, runs })}`);
  const failures = runs.flatMap(({ contender, models, failure }) =>
    failure === undefined ? [] : [`${contender} with ${models} models ${failure}`],
  );
  if (failures.length > 0)
    throw new UserError(`not everything could be measured:\n- ${failures.join("\n- ")}`);
});

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
