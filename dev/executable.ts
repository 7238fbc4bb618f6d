import { accessSync, constants, statSync } from "node:fs";

/** Whether this user may execute the file at this path. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
