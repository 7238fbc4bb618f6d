import { expect, test, vi } from "vitest";
import { command, type Input, type Program } from "../../../lib/command";
import { parse } from "../../../lib/program";
import { UsageError } from "../../../lib/user-error";

const run = vi.fn<(input: Input) => Promise<void>>();
const program: Program = {
  summary: "Grows plants.",
  help: "garden --help",
  typed: (name, args) => `garden ${name} ${args}`.trimEnd(),
  commands: {
    plant: command({
      summary: "Plant seeds",
      positionals: [
        { name: "BED", help: "where" },
        { name: "SEED", help: "what", optional: true, many: true },
      ],
      options: {
        depth: { type: "string", value: "CM", help: "how deep" },
        "in-rows": { type: "boolean", short: "r", help: "in rows" },
      },
      examples: [
        ["garden plant north", "the usual seeds"],
        ["garden plant north beans --depth 3", "beans"],
      ],
      run,
    }),
    water: command({
      summary: "Water all beds",
      options: {},
      examples: [
        ["garden water", "now"],
        ["garden water && date", "and note when"],
      ],
      run,
    }),
  },
};

test.each([
  [["plant", "north"], { depth: undefined, "in-rows": false }, ["north"]],
  [
    ["plant", "north", "beans", "--depth", "3", "peas"],
    { depth: "3", "in-rows": false },
    ["north", "beans", "peas"],
  ],
  [["plant", "-r", "north"], { depth: undefined, "in-rows": true }, ["north"]],
  [["plant", "--in-rows", "--depth=-3", "north"], { depth: "-3", "in-rows": true }, ["north"]],
  [["plant", "--", "--depth"], { depth: undefined, "in-rows": false }, ["--depth"]],
  [["water"], {}, []],
])("%j gives the command its values and positionals", (args, values, positionals) => {
  const call = parse(program, args);
  expect(call).toEqual({
    name: args[0],
    command: program.commands[args[0] ?? ""],
    input: { values: { ...values }, positionals },
  });
});

test.each([[["--help"]], [["-h"]], [["help"]], [["--help", "plant"]]])(
  "%j gives the help of the program",
  (args) => {
    expect(parse(program, args)).toEqual({
      help: `Grows plants.

Commands:
  garden plant  Plant seeds
  garden water  Water all beds

Options and examples of a command: garden plant --help
Exit codes: 0 done, 1 failed, 2 wrong use (nothing was done), 3 differences found
`,
    });
  },
);

test.each([[["plant", "--help"]], [["plant", "-h", "--no-such"]], [["help", "plant"]]])(
  "%j gives the help of the command",
  (args) => {
    expect(parse(program, args)).toEqual({
      help: `Plant seeds.

Usage: garden plant BED [SEED...] [OPTIONS]

Arguments:
  BED   where
  SEED  what

Options:
  --depth CM     how deep
  -r, --in-rows  in rows
  -h, --help     show this help

Examples:
  garden plant north                  the usual seeds
  garden plant north beans --depth 3  beans
`,
    });
  },
);

test.each([
  [["plnat"], 'unknown command "plnat"; did you mean "plant"? See `garden --help`.'],
  [["dig"], 'unknown command "dig"; known commands: plant, water. See `garden --help`.'],
  [["toString"], 'unknown command "toString"; known commands: plant, water. See `garden --help`.'],
  [["--depth"], 'unknown command "--depth"; known commands: plant, water. See `garden --help`.'],
  [
    ["plant", "n", "--inrows"],
    'unknown option "--inrows"; did you mean "--in-rows"? See `garden plant --help`.',
  ],
  [
    ["plant", "n", "--colour=red"],
    'unknown option "--colour"; known options: --depth, --in-rows, --help. See `garden plant --help`.',
  ],
  [["water", "-d"], 'unknown option "-d"; known options: --help. See `garden water --help`.'],
  [["water", "--toString"], 'unknown option "--toString"; known options: --help. See `garden water --help`.'],
  [["plant", "n", "--depth"], "--depth needs a value: --depth CM. See `garden plant --help`."],
  [["plant", "n", "--depth", "--in-rows"], "--depth needs a value: --depth CM. See `garden plant --help`."],
  [["plant", "n", "--in-rows=yes"], "--in-rows takes no value. See `garden plant --help`."],
  [["plant"], "BED is missing. See `garden plant --help`."],
  [["water", "north"], 'unexpected argument "north". See `garden water --help`.'],
])("%j is refused, and the message says what to type instead", (args, message) => {
  const parsing = () => parse(program, args);
  expect(parsing).toThrow(UsageError);
  expect(parsing).toThrow(new UsageError(message));
});

test("a command line without a command is refused with the help of the program", () => {
  expect(() => parse(program, [])).toThrow(/^no command given\n\nGrows plants\.\n\nCommands:\n/);
});

test("nothing runs while a command line is read", () => {
  expect(run).not.toHaveBeenCalled();
});
