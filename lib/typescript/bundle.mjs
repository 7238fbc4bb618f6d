import { dirname } from "node:path";

/**
 * Whether a module is TypeScript of this project, which is bundled.
 *
 * @param {string} url
 */
export function isTypeScript(url) {
  return /^file:.*\.ts$/.test(url);
}

/**
 * esbuild's options that make one module, in memory, of a TypeScript file and all that it imports but packages.
 *
 * @param {string} file
 * @returns {import("esbuild").BuildOptions & { write: false }}
 */
export function bundleOptions(file) {
  return {
    entryPoints: [file],
    absWorkingDir: dirname(file),
    outfile: `${file}.mjs`,
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
