import type { PulumiTools } from "../toolchain/ensure";

/** The contenders, in the order of the table. */
export const CONTENDERS = ["modelfleet", "kubectl", "python", "plain-pulumi"] as const;
export type ContenderName = (typeof CONTENDERS)[number];

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
  readonly tools: PulumiTools;
}

/** One contender's work on one fleet, from an empty cluster. */
export interface Session {
  /** Writes the wanted models to the contender's input; `fresh` are the new ones. This is not measured. */
  prepare(models: readonly string[], fresh: readonly string[]): Promise<void>;
  /** Applies them and waits until all are ready. */
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
