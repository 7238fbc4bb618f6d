// What `npm start` and its like run: plain JavaScript, since nothing may be installed yet.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { withLock } from "../lib/lock.mjs";

const NODE = [20, 19];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line) => process.stderr.write(`${line}\n`);

/** Ends the command with one sentence. */
function fail(message) {
  say(`error: ${message}`);
  process.exit(1);
}

/** Whether node_modules holds what package-lock.json asks for: npm keeps a list of what it installed, written last. */
function isInstalled() {
  try {
    const read = (...path) => JSON.parse(readFileSync(join(root, ...path), "utf8")).packages;
    const wanted = read("package-lock.json");
    const present = read("node_modules", ".package-lock.json");
    return Object.entries(wanted).every(([path, { version, optional }]) => {
      if (path === "" || (optional && !present[path])) return true;
      return present[path]?.version === version;
    });
  } catch {
    return false;
  }
}

async function install() {
  const waiting = (pid) =>
    say(`… waiting for process ${pid}, which installs the packages of package-lock.json`);
  await withLock(join(root, ".modelfleet", "install.lock"), { waiting }, async () => {
    if (isInstalled()) return;
    say("… Installing the packages of package-lock.json (npm ci)");
    const began = Date.now();
    // The commands need the packages of development too, whatever NODE_ENV says.
    // Its output goes to standard error: standard output is for what the command itself returns.
    const npm = spawn("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    const code = await new Promise((resolve) => npm.on("error", resolve).on("close", resolve));
    if (code !== 0)
      fail("npm ci failed, for the reason above; run the same command again once it is mended.");
    say(`✓ Installing the packages (${Math.round((Date.now() - began) / 1000)} s)`);
  });
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < NODE[0] || (major === NODE[0] && minor < NODE[1])) {
  fail(`Node ${NODE.join(".")} or newer is needed, this is ${process.versions.node}: install a newer one.`);
}
const [, , verb = "", ...args] = process.argv;
const script = join(root, "dev", "commands", `${verb}.ts`);
if (!/^[a-z]+$/.test(verb) || !existsSync(script)) fail(`there is no command "${verb}" in dev/commands/.`);
if (!isInstalled()) await install();

// In this same process: signals, standard streams and the exit code are then the command's own.
const { register } = await import("tsx/esm/api");
register();
process.chdir(root);
process.argv = [process.execPath, script, ...args];
await import(pathToFileURL(script));
