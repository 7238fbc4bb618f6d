import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Command, Input, Options, Positional, Program, Values } from "./command";
import { commandHelp, optionText, programHelp } from "./help";
import { main } from "./main";
import { nearest } from "./nearest";
import { UsageError } from "./user-error";

/** What a command line asks for. */
export type Call =
  { readonly help: string } | { readonly name: string; readonly command: Command; readonly input: Input };

/** Runs the command that the arguments name. */
export function runProgram(program: Program, args: readonly string[]): Promise<void> {
  return main(async () => {
    const call = parse(program, args);
    if ("help" in call) process.stdout.write(call.help);
    else await call.command.run(call.input);
  });
}

/**
 * Reads a command line; nothing runs yet.
 *
 * @throws UsageError that names the nearest command or option
 */
export function parse(program: Program, args: readonly string[]): Call {
  const [name, ...rest] = args[0] === "help" ? [...args.slice(1), "--help"] : args;
  if (name === undefined) throw new UsageError(`no command given\n\n${programHelp(program).trimEnd()}`);
  if (name === "--help" || name === "-h") return { help: programHelp(program) };
  const found = Object.hasOwn(program.commands, name) ? program.commands[name] : undefined;
  if (found === undefined) throw unknownCommand(program, name);
  const { values, positionals, tokens } = parseArgs({
    args: rest,
    options: { ...parsedOptions(found.options), help: { type: "boolean", short: "h" } },
    allowPositionals: true,
    // The code below reports mistakes, with the nearest option.
    strict: false,
    tokens: true,
  });
  if (values["help"] !== undefined) return { help: commandHelp(program, name, found) };
  const given = tokens.filter((token) => token.kind === "option");
  const problem =
    given.map((token) => problemOfOption(token, found.options)).find((text) => text !== undefined) ??
    problemOfPositionals(positionals, found.positionals ?? []);
  if (problem !== undefined) throw usageError(problem, program.typed(name, "--help"));
  return { name, command: found, input: { values: valuesOf(found.options, values), positionals } };
}

function parsedOptions(options: Options): NonNullable<ParseArgsConfig["options"]> {
  const parsed = Object.entries(options).map(([name, option]) => {
    if (option.type === "string") return [name, { type: "string", multiple: option.many === true }] as const;
    const { short } = option;
    return [name, { type: "boolean", ...(short !== undefined && { short }) }] as const;
  });
  return Object.fromEntries(parsed);
}

function unknownCommand({ commands, help }: Program, name: string): UsageError {
  const near = nearest(name, Object.keys(commands));
  const fix = near ? `did you mean "${near}"?` : `known commands: ${Object.keys(commands).join(", ")}`;
  return usageError(`unknown command "${name}"; ${fix}`, help);
}

function usageError(problem: string, help: string): UsageError {
  return new UsageError(`${problem}${problem.endsWith("?") ? "" : "."} See \`${help}\`.`);
}

interface GivenOption {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function problemOfOption(
  { name, rawName, value, inlineValue }: GivenOption,
  options: Options,
): string | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const known = [...Object.keys(options), "help"];
    const near = rawName.startsWith("--") ? nearest(name, known) : undefined;
    const fix = near ? `did you mean "--${near}"?` : `known options: --${known.join(", --")}`;
    return `unknown option "${rawName}"; ${fix}`;
  }
  if (option.type === "boolean") return value === undefined ? undefined : `${rawName} takes no value`;
  // `--stack --json` lacks its value. A stack with the name "--json" needs `--stack=--json`.
  const isForgotten = value === undefined || (!inlineValue && value.startsWith("-"));
  return isForgotten ? `${rawName} needs a value: ${optionText(name, option)}` : undefined;
}

function problemOfPositionals(given: readonly string[], known: readonly Positional[]): string | undefined {
  const missing = known.slice(given.length).find(({ optional }) => !optional);
  if (missing !== undefined) return `${missing.name} is missing`;
  if (given.length <= known.length || known.at(-1)?.many) return undefined;
  return `unexpected argument "${given[known.length]}"`;
}

function valuesOf(options: Options, given: Readonly<Record<string, unknown>>): Values {
  const values = Object.entries(options).map(([name, option]) => {
    const value = given[name];
    if (option.type === "boolean") return [name, value === true];
    return [name, option.many === true ? (value ?? []) : value];
  });
  return Object.fromEntries(values) as Values;
}
