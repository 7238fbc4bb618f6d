import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import { configDirectory } from "../config/project-file";
import { ownerOf } from "../fleet/owner";
import { say } from "../lib/progress";
import { UserError } from "../lib/user-error";
import { localEnvironment } from "./local-environment";
import { projectFolder } from "./project";
import { pulumiError } from "./pulumi-error";

/** The stack that a command works on. */
export interface OpenStack {
  /** Its name, as Pulumi writes it; with another backend than files, it may begin with the organization. */
  readonly name: string;
  /** Its name without an organization, as its settings file has it. */
  readonly shortName: string;
  /** The owner that its objects name: `ownerOf`. */
  readonly owner: string;
  readonly stack: Stack;
  readonly workspace: LocalWorkspace;
  /** Path of its settings file. */
  readonly settingsFile: string;
  /** The variables with which `pulumi` runs, over those of this process. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What the names of all stacks in a file or a bucket begin with. */
const SELF_MANAGED = "organization/";

/** The stack that the user has selected; undefined if none is. */
async function selectedStack(workspace: LocalWorkspace): Promise<string | undefined> {
  const args = ["stack", "--show-name", "--fully-qualify-stack-names", "--non-interactive"];
  const env = { ...process.env, ...workspace.envVars };
  const shown = await promisify(execFile)("pulumi", args, { cwd: workspace.workDir, env }).catch(
    () => undefined,
  );
  const name = shown?.stdout.trim() ?? "";
  if (name.startsWith(SELF_MANAGED)) return name.split("/").at(-1);
  // With a file or a bucket, this list would read the whole state of each stack. Its error says what is wrong.
  return (await workspace.stack())?.name;
}

/**
 * Opens a stack for a command; the stack that the user has selected stays selected.
 *
 * @param name The stack. @default that of `npm start` if it runs and no variable says otherwise, else the selected one
 * @throws UserError when there is no such stack, or no `pulumi`
 */
export async function openStack(name?: string): Promise<OpenStack> {
  // Only now, since it takes a second to load, and help must not.
  const automation = await import("@pulumi/pulumi/automation/index.js");
  const folder = projectFolder();
  const local = localEnvironment(folder, name);
  if (local !== undefined && name === undefined)
    say(`Stack ${local.stack} of npm start (--stack names another one).`);
  const { variables = {} } = local ?? {};
  // The Automation API looks for the program on this process's own path.
  if (variables["PATH"] !== undefined) process.env["PATH"] = variables["PATH"];
  try {
    const workspace = await automation.LocalWorkspace.create({ workDir: folder, envVars: variables });
    const chosen = name ?? local?.stack ?? (await selectedStack(workspace));
    if (chosen === undefined)
      throw new UserError(
        "no stack is selected: give --stack NAME, or select one with `pulumi stack select`",
      );
    // A Stack selects its stack first, which would change the user's selection. Every command of it names the stack.
    workspace.selectStack = () => Promise.resolve();
    const stack = await automation.Stack.select(chosen, workspace);
    const shortName = chosen.split("/").at(-1) ?? chosen;
    const settingsFile = join(folder, await configDirectory(folder), `Pulumi.${shortName}.yaml`);
    const owner = ownerOf((await workspace.projectSettings()).name, shortName);
    return { name: chosen, shortName, owner, stack, workspace, settingsFile, variables };
  } catch (error) {
    throw await pulumiError(error, name);
  }
}
