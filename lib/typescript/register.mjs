// Lets Node.js run the program's TypeScript (Pulumi.yaml, `nodeargs`): docs/decisions/0004.
import { createRequire, register, SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleOptions, isTypeScript } from "./bundle.mjs";

register("./hook.mjs", import.meta.url);

// A stack is put into words when somebody first reads it. Pulumi reads thousands that it never shows, so places of the
// bundle are turned into places of its sources only once a program fails.
const maps = new Map();
const nameSources = () => {
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${place(frame) ?? frame}`)].join("\n");
};
process.on("uncaughtExceptionMonitor", nameSources);
process.on("unhandledRejection", (error) => {
  nameSources();
  // A listener keeps Node.js from failing, and Pulumi's own may not be there yet.
  if (process.listenerCount("unhandledRejection") === 1) throw error;
});

function place(frame) {
  const url = frame.getFileName() ?? "";
  if (!isTypeScript(url)) return undefined;
  const file = fileURLToPath(url);
  if (!maps.has(file)) maps.set(file, sourceMap(file));
  const entry = maps.get(file)?.findEntry(frame.getLineNumber() - 1, frame.getColumnNumber() - 1);
  if (entry?.originalSource === undefined) return undefined;
  const source = resolve(dirname(file), entry.originalSource);
  return `${frame.getFunctionName() ?? "the program"} (${source}:${entry.originalLine + 1}:${entry.originalColumn + 1})`;
}

/** The sources may have gone or changed while the program ran: then its stack keeps the places of the bundle. */
function sourceMap(file) {
  try {
    // Only now, since a program that works has no use for it on this thread.
    const { buildSync } = createRequire(import.meta.url)("esbuild");
    const { outputFiles } = buildSync({ ...bundleOptions(file), sourcemap: "external" });
    return new SourceMap(JSON.parse(outputFiles.find(({ path }) => path.endsWith(".map")).text));
  } catch {
    return undefined;
  }
}
