import { problemOfStackName } from "../fleet/owner";
import { readCatalogFiles, withCatalogFiles } from "./catalog-files";
import { unusedSettings } from "./kubernetes-settings";
import { problem, type Problem } from "./problem";
import { type Fleet, resolveFleet } from "./resolve";
import { readStackFile } from "./stack-file";

/** The prefix of the settings, which is the project's name. */
export const PREFIX = "modelfleet:";

/** A stack's config, from the engine or from `pulumi config`. */
export interface Source {
  /** The project's name. */
  readonly project: string;
  /** The stack's name, without an organization. */
  readonly stack: string;
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  /** All values by key, with prefix and secrets decrypted; maps and lists as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys that hold an encrypted value somewhere, with prefix. */
  readonly encryptedKeys: ReadonlySet<string>;
}

/**
 * The fleet that a stack's config, its file and the files of `catalog` describe. Secrets are in plain text.
 *
 * @throws UserError with every problem at once
 */
export async function readFleet({ project, stack, folder, config, encryptedKeys }: Source): Promise<Fleet> {
  const own = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), value]),
  );
  const file = await readStackFile(own, { stack, folder, prefix: PREFIX, encryptedKeys });
  const files = await readCatalogFiles(folder, own["catalogPath"]);
  const { raw, problems } = withCatalogFiles(own, files);
  const found = [
    ...problemsOfProject(project),
    ...problemsOfStack(stack),
    ...unusedSettings(Object.keys(config)),
    ...file.problems,
    ...files.problems,
    ...problems,
  ];
  return resolveFleet(raw, file.isSecret, found, files.paths);
}

/** Settings begin with the project's name, and Pulumi writes them so: with another name, none would be found. */
function problemsOfProject(project: string): Problem[] {
  if (`${project}:` === PREFIX) return [];
  const rule = 'must be "modelfleet", with which the settings begin';
  const fix = "set `name: modelfleet` in Pulumi.yaml, and tell fleets apart by their stacks";
  return [problem("project", project, rule, fix)];
}

function problemsOfStack(stack: string): Problem[] {
  const rule = problemOfStackName(stack);
  return rule === undefined
    ? []
    : [problem("stack", stack, rule, "rename the stack with `pulumi stack rename <name>`")];
}
