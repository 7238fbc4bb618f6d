// Pulumi installs the packages of this folder only, and the program is in the folder above.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
if (!existsSync(join(root, "node_modules", "@pulumi", "pulumi"))) {
  const args = ["ci", "--omit=dev", "--no-audit", "--no-fund"];
  // On Windows, npm is a script that only a shell starts.
  const { status } = spawnSync("npm", args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exitCode = status ?? 1;
}
