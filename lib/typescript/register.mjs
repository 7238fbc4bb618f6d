// Lets Node.js run the program's TypeScript (Pulumi.yaml, `nodeargs`): docs/decisions/0004.
import module, { createRequire, register, SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledFrom, bundleOptions } from "./bundle.mjs";
import "./load-later.mjs";

// From Node.js 22 on, which keeps the compiled packages in its folder for temporary files: a fifth of the processor time
// of a small preview.
/** @type {{ enableCompileCache?: () => void }} */ (module).enableCompileCache?.();

register("./hook.mjs", import.meta.url);

// Formats a stack when it is first read. Pulumi reads thousands that it never shows, so places in the bundle are mapped
// to places in its sources only when the program fails.
/** @type {Map<string, SourceMap | undefined>} */
const maps = new Map();
const nameSources = () => {
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${place(frame) ?? frame}`)].join("\n");
};
process.on("uncaughtExceptionMonitor", nameSources);
process.on("unhandledRejection", (error) => {
  nameSources();
  // A listener keeps Node.js from failing, and Pulumi may not have added its own yet.
  if (process.listenerCount("unhandledRejection") === 1) throw error;
});

/**
 * @param {NodeJS.CallSite} frame
 * @returns {string | undefined}
 */
function place(frame) {
  const url = frame.getFileName() ?? "";
  const entryUrl = bundledFrom(url);
  if (entryUrl === undefined) return undefined;
  const file = fileURLToPath(entryUrl);
  if (!maps.has(url)) maps.set(url, sourceMap(file, url === entryUrl ? `${file}.mjs` : fileURLToPath(url)));
  const entry = maps
    .get(url)
    ?.findEntry((frame.getLineNumber() ?? 1) - 1, (frame.getColumnNumber() ?? 1) - 1);
  if (entry === undefined || !("originalSource" in entry)) return undefined;
  const source = resolve(dirname(file), entry.originalSource);
  return `${frame.getFunctionName() ?? "the program"} (${source}:${entry.originalLine + 1}:${entry.originalColumn + 1})`;
}

/**
 * Undefined when the sources were deleted or changed while the program ran: its stack then has places in the bundle.
 *
 * @param {string} file
 * @param {string} output Path of the module in the bundle.
 */
function sourceMap(file, output) {
  try {
    // Loaded only on failure: a program that works does not need it on this thread.
    const { buildSync } = /** @type {typeof import("esbuild")} */ (createRequire(import.meta.url)("esbuild"));
    const build = (/** @type {import("esbuild").BuildOptions} */ more = {}) =>
      buildSync({ ...bundleOptions(file), ...more }).outputFiles ?? [];
    // Maps change the hashes in the names of modules, so the module is found by the rest of its text.
    const unnamed = (/** @type {string | undefined} */ text) => text?.replaceAll(/-[A-Z0-9]{8}\.mjs/g, "");
    const text = unnamed(build().find(({ path }) => path === output)?.text);
    const files = build({ sourcemap: "external" });
    const mapped = files.find((one) => unnamed(one.text) === text);
    const map = files.find(({ path }) => path === `${mapped?.path}.map`);
    return map && new SourceMap(JSON.parse(map.text));
  } catch {
    return undefined;
  }
}
