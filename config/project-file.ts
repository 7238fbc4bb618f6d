import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where Pulumi looks for the files of stacks. @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/ (stackConfigDir) */
export async function configDirectory(folder: string): Promise<string> {
  const project = await readFile(join(folder, "Pulumi.yaml"), "utf8").catch(() => "");
  return /^stackConfigDir:\s*["']?([^"'#\n]+?)["']?\s*(#.*)?$/m.exec(project)?.[1] ?? ".";
}
