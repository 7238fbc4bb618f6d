import type { Program } from "../lib/command";
import { runProgram } from "../lib/program";
import { adopt } from "./commands/adopt";
import { remove } from "./commands/delete";
import { deploy } from "./commands/deploy";
import { diff } from "./commands/diff";
import { doctor } from "./commands/doctor";
import { importModels } from "./commands/import";
import { list } from "./commands/list";
import { logs } from "./commands/logs";
import { monitoring } from "./commands/monitoring";
import { promote } from "./commands/promote";
import { status } from "./commands/status";
import { updateIngress } from "./commands/update-ingress";

/** With npx, which finds the program in a checkout, in node_modules and among the global packages. */
const NAME = "npx modelfleet";

/**
 * The commands of `modelfleet`: one file in `commands/` each, which holds data and one call. The work is beside that
 * folder, so that no helper can be run as a command.
 */
export const program: Program = {
  summary: "Many models on Kubernetes from one list.",
  help: `${NAME} --help`,
  typed: (name, args) => `${NAME} ${name}${args === "" ? "" : ` ${args}`}`,
  commands: {
    deploy,
    delete: remove,
    "update-ingress": updateIngress,
    promote,
    adopt,
    import: importModels,
    diff,
    list,
    status,
    logs,
    monitoring,
    doctor,
  },
};

/** Runs what the command line asks for. */
export function run(args: readonly string[]): Promise<void> {
  return runProgram(program, args);
}
