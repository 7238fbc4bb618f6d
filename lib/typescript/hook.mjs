// Runs on the thread of Node's module hooks: see register.mjs.
import { createHash } from "node:crypto";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundledFrom, bundleOptions } from "./bundle.mjs";

/** What bundled files import later, as text by URL. @type {Map<string, string>} */
const later = new Map();

/**
 * Finds what a bundled file imports later.
 *
 * @type {import("node:module").ResolveHook}
 */
export async function resolve(specifier, context, next) {
  const url = specifier.startsWith("./") ? new URL(specifier, context.parentURL).href : "";
  return later.has(url) ? { url, shortCircuit: true } : next(specifier, context);
}

/**
 * Returns a TypeScript file as one module, bundled with the project's files that it imports at once.
 *
 * @type {import("node:module").LoadHook}
 */
export async function load(url, context, next) {
  if (bundledFrom(url) === undefined) return next(url, context);
  const source = later.get(url) ?? (await bundle(fileURLToPath(url)));
  return { format: "module", source, shortCircuit: true };
}

/** @param {string} file */
async function bundle(file) {
  const { outputFiles } = await build(bundleOptions(file));
  const digest = createHash("sha256");
  for (const { path, text } of outputFiles) {
    later.set(pathToFileURL(path).href, text);
    digest.update(text);
  }
  // In the first line, so that the others stay where source maps say: lib/program-digest.ts reads it.
  const told = `globalThis[Symbol.for("modelfleet.program")] = ${JSON.stringify(digest.digest("hex"))};`;
  return `${told} ${later.get(`${pathToFileURL(file).href}.mjs`)}`;
}
