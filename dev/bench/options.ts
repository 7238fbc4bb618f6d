import { parseArgs } from "node:util";
import { UsageError } from "../../lib/user-error";
import { type ContenderName, CONTENDERS, LARGEST } from "./contender";

/** The options of a benchmark. */
export interface BenchOptions {
  /** Fleet sizes, ascending. */
  readonly models: readonly number[];
  readonly contenders: readonly ContenderName[];
  /** Whether the contenders were named by `--only`, and so run with every size. */
  readonly named: boolean;
  /** How often each contender runs per size. @default depends on the size: see `repeatsFor` */
  readonly repeat: number | undefined;
}

/** Parses the command's arguments. @throws UsageError with the wrong argument and the allowed values */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: { type: "string", default: "10,100,300" },
      only: { type: "string" },
      skip: { type: "string", default: "" },
      repeat: { type: "string" },
    },
  });
  const only = values.only === undefined ? CONTENDERS : names("--only", values.only);
  const skip = names("--skip", values.skip);
  const contenders = CONTENDERS.filter((name) => only.includes(name) && !skip.includes(name));
  if (contenders.length === 0) throw new UsageError("--only and --skip leave no contender");
  const sizes = list(values.models).map((text) => count("--models", text, 5000));
  if (sizes.length === 0) throw new UsageError("--models: give sizes, such as 10,100,300");
  return {
    models: [...new Set(sizes)].sort((a, b) => a - b),
    contenders,
    named: values.only !== undefined,
    repeat: values.repeat === undefined ? undefined : count("--repeat", values.repeat, 20),
  };
}

/** Small fleets take only seconds, so chance has more effect: they run three times, for a median. */
export function repeatsFor(models: number, { repeat }: Pick<BenchOptions, "repeat">): number {
  return repeat ?? (models <= 30 ? 3 : 1);
}

/** Whether a contender runs with this size: those that take too long for it do so only if `--only` names them. */
export function isMeasured(
  contender: ContenderName,
  models: number,
  { named }: Pick<BenchOptions, "named">,
): boolean {
  return named || models <= (LARGEST[contender] ?? Infinity);
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function names(option: string, text: string): ContenderName[] {
  return list(text).map((name) => {
    const known = CONTENDERS.find((contender) => contender === name);
    if (!known) throw new UsageError(`${option}: no contender "${name}"; there are ${CONTENDERS.join(", ")}`);
    return known;
  });
}

function count(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > most) {
    throw new UsageError(`${option}: "${text}" is not an integer from 1 to ${most}`);
  }
  return number;
}
