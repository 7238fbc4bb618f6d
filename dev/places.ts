import { symlinkSync } from "node:fs";
import { basename, join } from "node:path";
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
  linked(PROGRAM, directory);
}

/** Makes links in a folder to files and folders of this project, by their own names. */
export function linked(paths: readonly string[], directory: string): void {
  for (const path of paths) symlinkSync(join(ROOT, path), join(directory, basename(path)));
}
