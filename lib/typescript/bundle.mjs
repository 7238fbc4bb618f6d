import { basename, dirname } from "node:path";

/**
 * The URL of the TypeScript file that was bundled into a module; undefined for any other module. What the file imports
 * later has modules of its own beside it, which exist only in memory: `main.ts-1A2B3C4D.mjs`.
 *
 * @param {string} url
 */
export function bundledFrom(url) {
  return /^(file:.*\.ts)(-[A-Z0-9]{8}\.mjs)?$/.exec(url)?.[1];
}

/**
 * esbuild's options that make modules, in memory, of a TypeScript file and all that it imports but packages: one of what
 * it imports at once, whose path is the file's with `.mjs`, and others of what it imports later.
 *
 * @param {string} file
 * @returns {import("esbuild").BuildOptions & { write: false }}
 */
export function bundleOptions(file) {
  return {
    entryPoints: [file],
    absWorkingDir: dirname(file),
    outdir: dirname(file),
    outExtension: { ".js": ".mjs" },
    entryNames: basename(file),
    chunkNames: `${basename(file)}-[hash]`,
    splitting: true,
    write: false,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
    // Pulumi's own formatter reads source maps for thousands of stacks: 2 s in a preview of 100 models.
    banner: { js: "Error.prepareStackTrace = undefined;" },
  };
}
