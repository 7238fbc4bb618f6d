import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../lib/paths";
import { shellQuote } from "../../lib/shell";

/** A shell line that asks a model for a prediction with its own sample. */
export function predictionCommand(model: string, url: string, sample: unknown): string {
  return `curl -s ${url}/v2/models/${model}/infer -d ${shellQuote(JSON.stringify(sample))}`;
}

/** The shortest of the models' prediction commands; undefined without a model of examples/, which have samples. */
export async function shortestPrediction(
  ids: readonly string[],
  urls: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const commands = await Promise.all(
    ids.map(async (id) => {
      const file = join(ROOT, "examples", "model-server", "models", `${id}.json`);
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (!text) return [];
      const { sample } = JSON.parse(text) as { sample: unknown };
      return [predictionCommand(id, urls[id] ?? "", sample)];
    }),
  );
  return commands.flat().sort((a, b) => a.length - b.length)[0];
}
