#!/usr/bin/env node
// The program `modelfleet`. Plain JavaScript, since Node.js may be too old, and packages may be missing.
import { createRequire } from "node:module";
import { fail, readJson, requireNode, ROOT } from "../lib/bootstrap.mjs";

const require = createRequire(import.meta.url);

/** @param {string} name */
function isMissing(name) {
  try {
    require.resolve(name);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
  }
}

/** The checkout, or the project that has installed this package. */
const [PROJECT = ROOT] = ROOT.split(/[\\/]node_modules[\\/]/);

requireNode();
const { dependencies, peerDependencies } = readJson("package.json");
const missing = Object.keys({ ...dependencies, ...peerDependencies }).find(isMissing);
if (missing !== undefined) fail(`the package ${missing} is not installed: run \`npm ci\` in ${PROJECT}.`);
await import("../lib/typescript/register.mjs");
const { run } = await import("./main.ts");
await run(process.argv.slice(2));
