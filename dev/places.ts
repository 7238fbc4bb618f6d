import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../lib/paths";

/** The folder of everything that this project writes into its checkout. */
export const LOCAL_DIRECTORY = join(ROOT, ".modelfleet");

/** The local cluster of `npm start`. */
export const CLUSTER_NAME = "modelfleet";
export const CLUSTER_DIRECTORY = join(LOCAL_DIRECTORY, "cluster");

/** Pulumi's state of the local cluster's fleet. */
export const STATE_DIRECTORY = join(LOCAL_DIRECTORY, "state");

/** Pulumi's states of the fleets on the user's own clusters, one folder per cluster. No command removes them. */
export const NAMED_DIRECTORY = join(LOCAL_DIRECTORY, "named");

/** The prefix of the names of the tests' cluster folders. */
export const TEST_CLUSTER_PREFIX = "cluster-";

/** The stack of `npm start`; its settings are in Pulumi.dev.yaml. */
export const STACK = "dev";

/** What Pulumi needs to run the program from another folder. */
const PROGRAM = ["index.ts", "cli", "lib", "node_modules", "package.json", "tsconfig.json", "Pulumi.yaml"];

/** Makes `pulumi` run this program in another folder, with that folder's own settings files. */
export function linkProgram(directory: string): void {
  for (const name of PROGRAM) symlinkSync(join(ROOT, name), join(directory, name));
}
