// The commands of a checkout, `npm start` and its like. Plain JavaScript, since nothing may be installed yet.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fail, readJson, requireNode, ROOT } from "../lib/bootstrap.mjs";
import { withLock } from "../lib/lock.mjs";

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** Whether node_modules holds what package-lock.json asks for: npm keeps a list of what it installed, written last. */
function isInstalled() {
  try {
    /** @type {Record<string, { version?: string, optional?: boolean }>} */
    const wanted = readJson("package-lock.json").packages;
    /** @type {Record<string, { version?: string }>} */
    const present = readJson("node_modules", ".package-lock.json").packages;
    return Object.entries(wanted).every(([path, { version, optional }]) => {
      if (path === "" || (optional && !present[path])) return true;
      return present[path]?.version === version;
    });
  } catch {
    return false;
  }
}

async function install() {
  /** @param {number} pid */
  const waiting = (pid) =>
    say(`… waiting for process ${pid}, which installs the packages of package-lock.json`);
  await withLock(join(ROOT, ".modelfleet", "install.lock"), { waiting }, async () => {
    if (isInstalled()) return;
    say("… Installing the packages of package-lock.json (npm ci)");
    const began = Date.now();
    // devDependencies too, whatever NODE_ENV says. Its output goes to standard error, since standard output is for the
    // command's own result.
    const npm = spawn("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
      cwd: ROOT,
      stdio: ["ignore", 2, 2],
    });
    const code = await new Promise((resolve) => npm.on("error", resolve).on("close", resolve));
    if (code !== 0) fail("npm ci failed for the reason above; fix it and run the same command again.");
    say(`✓ Installing the packages (${Math.round((Date.now() - began) / 1000)} s)`);
  });
}

requireNode();
if (!isInstalled()) await install();
// In this same process, so that signals, standard streams and the exit code are the command's own.
const { register } = await import("tsx/esm/api");
register();
process.chdir(ROOT);
const { run } = await import("./main.ts");
await run(process.argv.slice(2));
