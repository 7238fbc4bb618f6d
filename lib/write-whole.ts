import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file whole or not at all: even if this process is killed, the file has either its old content or all of the
 * new one. Synchronous, so that two writers in one process cannot mix up the temporary file.
 *
 * @param mode Permissions of the file. @default 0o666, less the umask
 */
export function writeWhole(path: string, text: string, mode = 0o666): void {
  const part = `${path}.${process.pid}`;
  try {
    writeFileSync(part, text, { mode });
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}
