// Plain JavaScript without dependencies, for programs that start before they know whether packages are installed or
// whether Node.js is new enough.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Ends the program with one sentence.
 *
 * @param {string} message
 * @returns {never}
 */
export function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

/**
 * A JSON file of the checkout.
 *
 * @param {string[]} path
 * @returns {any}
 */
export function readJson(...path) {
  return JSON.parse(readFileSync(join(ROOT, ...path), "utf8"));
}

/** Ends the program if Node.js is older than package.json requires. */
export function requireNode() {
  const [wanted = ""] = /\d+\.\d+/.exec(readJson("package.json").engines.node) ?? [];
  if (isAtLeast(process.versions.node, wanted)) return;
  fail(`this is Node.js ${process.versions.node}; install ${wanted} or newer.`);
}

/**
 * Whether a version is the same as another or newer; only their first two numbers count.
 *
 * @param {string} version
 * @param {string} wanted
 */
export function isAtLeast(version, wanted) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
