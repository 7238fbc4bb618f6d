import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../lib/paths";
import { UserError } from "../lib/user-error";

/**
 * The folder of the nearest Pulumi.yaml from here upwards, as `pulumi` finds it.
 *
 * @default the checkout's own folder
 * @throws UserError when there is none, and the program is not that of a checkout
 */
export function projectFolder(from: string = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (folder !== dirname(folder)) continue;
    if (existsSync(join(ROOT, "Pulumi.yaml"))) return ROOT;
    throw new UserError(
      `there is no Pulumi.yaml in ${from} or above: run this in the folder of your Pulumi project`,
    );
  }
}
