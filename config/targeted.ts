import { readFileSync } from "node:fs";
import { UserError } from "../lib/user-error";
import { writeWhole } from "../lib/write-whole";
import type { Whole } from "./applied";

/**
 * The variable by which a command such as `modelfleet deploy` asks the program for an update of some models only. Its value
 * is the path of a file that exists as long as that command runs: left over in a shell, the variable cannot make a plain
 * `pulumi up` register a part of the fleet, after which Pulumi would delete the rest.
 */
export const TARGETED_BY = "MODELFLEET_TARGETED_BY";

/** That the whole fleet must be updated. Nothing was changed then. */
export interface Refusal extends Omit<Whole, "why"> {
  /** Why: the second half of a sentence. */
  readonly refused: string;
}

/** What the program tells the command in the end. */
export interface Answer extends Partial<Refusal> {
  /** The stack's outputs, secrets left out. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** An update of some models only: of everything else, Pulumi keeps what its state says. */
export interface Targeted {
  /** IDs of the models to update. One that is not in the list of models is deleted. */
  readonly models: ReadonlySet<string>;
  /** Tells the command why the whole fleet must be updated. @returns the error with which the program ends */
  refuse(whole: Whole): UserError;
  /** Tells the command what the update made. */
  finish(outputs: NonNullable<Answer["outputs"]>): void;
}

/** Where the program leaves its answer, beside the file of the request. */
const answerTo = (path: string) => `${path}.answer`;

/** Writes the request for an update of these models only. @param path A new file, whose path the variable is to have. */
export function requestTargeted(path: string, models: readonly string[]): void {
  writeWhole(path, JSON.stringify({ models }));
}

/** The program's answer to a request; empty if the program ended before it gave one. */
export function readAnswer(path: string): Answer {
  try {
    return JSON.parse(readFileSync(answerTo(path), "utf8")) as Answer;
  } catch {
    return {};
  }
}

/**
 * The request of the command that runs this update; undefined if the variable is not set.
 *
 * @param path The variable's value.
 * @throws UserError if there is no such file
 */
export function readTargeted(path: string | undefined): Targeted | undefined {
  if (!path) return undefined;
  const models = new Set(readRequest(path));
  const answer = (text: Answer) => writeWhole(answerTo(path), JSON.stringify(text));
  return {
    models,
    refuse: ({ why, ...rest }) => {
      answer({ refused: why, ...rest });
      return new UserError(`this update must be one of the whole fleet: ${why}`);
    },
    finish: (outputs) => answer({ outputs }),
  };
}

function readRequest(path: string): readonly string[] {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { readonly models: readonly string[] }).models;
  } catch {
    throw new UserError(
      `${TARGETED_BY}: there is no request at ${JSON.stringify(path)}; only \`modelfleet\` sets this variable, for its own updates: unset it`,
    );
  }
}
