import type { Program } from "../lib/command";
import { runProgram } from "../lib/program";
import { bench } from "./commands/bench";
import { downloads } from "./commands/downloads";
import { env } from "./commands/env";
import { start } from "./commands/start";
import { stop } from "./commands/stop";
import { test } from "./commands/test";

/** npm has shortcuts for these scripts; the others are typed as `npm run <command>`. */
const SHORT: readonly string[] = ["start", "stop", "test"];

/** The commands of a checkout, which package.json's scripts run. */
export const program: Program = {
  summary: "Runs, tests and measures modelfleet in a checkout.",
  help: "node dev/run.mjs --help",
  typed: (name, args) =>
    `npm ${SHORT.includes(name) ? name : `run ${name}`}${args === "" ? "" : ` -- ${args}`}`,
  commands: { start, stop, env, test, bench, downloads },
};

/** Runs what the command line asks for. */
export function run(args: readonly string[]): Promise<void> {
  return runProgram(program, args);
}
