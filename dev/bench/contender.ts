import type { PulumiTools } from "../toolchain/ensure";

/** The contenders, in the order of the table; the last is no way to create a fleet, but how fast any could be. */
export const CONTENDERS = [
  "modelfleet",
  "verbs",
  "kubectl",
  "helm",
  "python",
  "plain-pulumi",
  "limit",
] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** The contender that the others are compared with. */
export const BASELINE: ContenderName = "modelfleet";

/** The largest fleet of a contender that takes too long for larger ones, in models. @default none is too large */
export const LARGEST: Readonly<Partial<Record<ContenderName, number>>> = { "plain-pulumi": 100 };

/** A command to measure. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the caller's environment; undefined removes a variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The cluster and the programs that every contender uses. */
export interface Bench {
  readonly kubeconfig: string;
  /** The folder of the cluster, by which its processes are found. */
  readonly cluster: string;
  readonly tools: PulumiTools;
}

/** One contender's work on one fleet, from an empty cluster. */
export interface Session {
  /** Writes the wanted models to the contender's input; `fresh` are the new ones. This is not measured. */
  prepare(models: readonly string[], fresh: readonly string[]): Promise<void>;
  /** Applies them. Whether it waits for them is its own affair: the benchmark sees by itself when all are available. */
  readonly apply: readonly Command[];
  /** Prints what would change. @default undefined: this contender has no such command */
  readonly check?: Command;
}

/** One way to create a fleet. */
export interface Contender {
  readonly name: ContenderName;
  /**
   * Prepares what is not measured.
   *
   * @param directory An empty folder, for this session only.
   * @param namespace A namespace that does not exist yet, for this session only.
   */
  open(directory: string, namespace: string): Promise<Session>;
}
