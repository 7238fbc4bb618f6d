/** An option without a value, such as `--json`. */
export interface Flag {
  readonly type: "boolean";
  /** A letter that is typed for it after one dash. @default none */
  readonly short?: string;
  readonly help: string;
}

/** An option with a value, such as `--stack NAME`. */
export interface ValueOption {
  readonly type: "string";
  /** Placeholder of the value, in capitals: NAME. */
  readonly value: string;
  readonly help: string;
  /** Whether it may be given several times. @default false */
  readonly many?: boolean;
}

/** A command's options, by their names without dashes. Every command has `--help` too. */
export type Options = Readonly<Record<string, Flag | ValueOption>>;

/** The values of a command's options: a flag is false when it is not given, any other option undefined or an empty list. */
export type Values<O extends Options = Options> = {
  readonly [Name in keyof O]: Value<O[Name]>;
};
type Value<Option> = Option extends Flag
  ? boolean
  : Option extends { readonly many: true }
    ? readonly string[]
    : string | undefined;

/** An argument without an option name. */
export interface Positional {
  /** Its placeholder, in capitals: MODEL. */
  readonly name: string;
  readonly help: string;
  /** Whether the command works without it. @default false */
  readonly optional?: boolean;
  /** Whether it may be repeated; only for the last argument. @default false */
  readonly many?: boolean;
}

/** A line to type, and what it does. */
export type Example = readonly [line: string, what: string];

/** The parsed arguments of a command. */
export interface Input<O extends Options = Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
}

/** A command as data; its work is elsewhere, in a module that `run` imports, so that help is quick. */
export interface Command<O extends Options = Options> {
  /** What it does: an imperative in one line, without a full stop. */
  readonly summary: string;
  /** @default none */
  readonly positionals?: readonly Positional[];
  readonly options: O;
  readonly examples: readonly [Example, Example];
  run(input: Input<O>): Promise<void>;
}

/** Declares a command, so that `run` knows the types of its options' values. */
export function command<const O extends Options>(spec: Command<O>): Command {
  return spec;
}

/** The commands of one program. */
export interface Program {
  /** What it is, in one line. */
  readonly summary: string;
  /** How to ask for its help. */
  readonly help: string;
  /** How a command is typed, with or without arguments. */
  readonly typed: (command: string, args: string) => string;
  /** By name, in the order of the help. */
  readonly commands: Readonly<Record<string, Command>>;
}
