import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../lib/paths";

/** The folder of the nearest Pulumi.yaml from here upwards, as `pulumi` finds it. @default this program's own folder */
export function projectFolder(from: string = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (folder === dirname(folder)) return ROOT;
  }
}
