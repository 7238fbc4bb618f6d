/** One line of the table that `npm start` ends with. */
export interface ModelLine {
  readonly id: string;
  /** Pods that are ready. */
  readonly ready: number;
  /** Pods that there should be. */
  readonly replicas: number;
  /** Undefined where nothing routes to the model. */
  readonly url: string | undefined;
}

/** The models as a table: ID, ready replicas, URL. */
export function table(models: readonly ModelLine[]): string {
  const rows = models.map(({ id, ready, replicas, url }) => [id, `${ready}/${replicas}`, url ?? "-"]);
  const all = [["MODEL", "READY", "URL"], ...rows];
  const width = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  return all
    .map(([id = "", ready = "", url = ""]) => `${id.padEnd(width(0))}  ${ready.padEnd(width(1))}  ${url}`)
    .join("\n");
}

/** A shell line that asks a model for a prediction with its own sample. */
export function predictionCommand(model: string, url: string, sample: unknown): string {
  return `curl -s ${url}/v2/models/${model}/infer -d ${shellQuote(JSON.stringify(sample))}`;
}

/** A value as one word of a POSIX shell. */
export function shellQuote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
