import type { PulumiTools } from "../toolchain/ensure";

/** Who is compared, in the order of the table. */
export const CONTENDERS = ["modelfleet", "kubectl", "python", "plain-pulumi"] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** A command whose time is taken. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Laid over the caller's environment; undefined takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What every contender works with. */
export interface Bench {
  readonly kubeconfig: string;
  readonly tools: PulumiTools;
}

/** One contender's work on one fleet, from empty. */
export interface Session {
  /** Writes down which models are wanted, and which of them are new. Its time does not count. */
  prepare(models: readonly string[], fresh: readonly string[]): Promise<void>;
  /** Brings the cluster to that and waits until all of it is ready. */
  readonly apply: readonly Command[];
  /** Tells what would change. @default undefined: this contender has no such command */
  readonly check?: Command;
}

/** One way of bringing up a fleet. */
export interface Contender {
  readonly name: ContenderName;
  /**
   * Makes everything ready that is not to be timed.
   *
   * @param directory An empty folder of the session's own.
   * @param namespace A namespace of its own, which does not exist yet.
   */
  open(directory: string, namespace: string): Promise<Session>;
}
