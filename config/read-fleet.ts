import { problemOfStackName } from "../fleet/owner";
import { readCatalogFiles, withCatalogFiles } from "./catalog-files";
import { unusedSettings } from "./kubernetes-settings";
import { misplacedSettings, PREFIX } from "./prefix";
import { problem, type Problem } from "./problem";
import { resolveFleet, type SettledFleet } from "./resolve";
import { readStackFile } from "./stack-file";

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
export async function readFleet({
  project,
  stack,
  folder,
  config,
  encryptedKeys,
}: Source): Promise<SettledFleet> {
  const own = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), value]),
  );
  const file = await readStackFile(own, { stack, folder, prefix: PREFIX, encryptedKeys });
  const files = await readCatalogFiles(folder, own["catalogPath"]);
  const { raw, problems } = withCatalogFiles(own, files);
  const found = [
    ...problemsOfNames(project, stack),
    ...unusedSettings(Object.keys(config)),
    ...misplacedSettings(Object.keys(config), project),
    ...file.problems,
    ...files.problems,
    ...problems,
  ];
  return resolveFleet(raw, file.isSecret, found, files.paths);
}

function problemsOfNames(project: string, stack: string): Problem[] {
  const names = [
    ["project", project, "set another `name` in Pulumi.yaml"],
    ["stack", stack, "rename the stack with `pulumi stack rename <name>`"],
  ] as const;
  return names.flatMap(([what, name, fix]) => {
    const rule = problemOfStackName(name);
    return rule === undefined ? [] : [problem(what, name, rule, fix)];
  });
}
