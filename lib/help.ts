import type { Command, Flag, Positional, Program, ValueOption } from "./command";
import { columns } from "./table";

/** The commands of a program, how each is typed, and what it does. */
export function programHelp({ summary, commands, typed }: Program): string {
  const [first = "COMMAND"] = Object.keys(commands);
  return text([
    [summary],
    ["Commands:", ...rows(Object.entries(commands).map(([name, one]) => [typed(name, ""), one.summary]))],
    [
      `Options and examples of a command: ${typed(first, "--help")}`,
      "Exit codes: 0 done, 1 failed, 2 wrong use (nothing was done), 3 differences found",
    ],
  ]);
}

/** A command's summary, usage, options and examples. */
export function commandHelp(
  { typed }: Program,
  name: string,
  { summary, positionals = [], options, examples }: Command,
): string {
  const optionRows = Object.entries(options).map(([key, option]) => {
    const short = "short" in option ? `-${option.short}, ` : "";
    const repeated = "many" in option && option.many ? " ..." : "";
    return [`${short}${optionText(key, option)}${repeated}`, option.help];
  });
  const args = [...positionals.map(positionalText), ...(optionRows.length > 0 ? ["[OPTIONS]"] : [])];
  return text([
    [`${summary}.`],
    [`Usage: ${typed(name, args.join(" "))}`],
    positionals.length > 0 ? ["Arguments:", ...rows(positionals.map((one) => [one.name, one.help]))] : [],
    ["Options:", ...rows([...optionRows, ["-h, --help", "show this help"]])],
    ["Examples:", ...rows(examples)],
  ]);
}

/** An option as it is typed: `--stack NAME`. */
export function optionText(name: string, option: Flag | ValueOption): string {
  return option.type === "boolean" ? `--${name}` : `--${name} ${option.value}`;
}

function positionalText({ name, optional = false, many = false }: Positional): string {
  const repeated = many ? `${name}...` : name;
  return optional ? `[${repeated}]` : repeated;
}

function rows(cells: readonly (readonly string[])[]): string[] {
  return columns(cells).map((line) => `  ${line}`);
}

/** Paragraphs, an empty line apart. */
function text(paragraphs: readonly (readonly string[])[]): string {
  const shown = paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${shown.join("\n\n")}\n`;
}
