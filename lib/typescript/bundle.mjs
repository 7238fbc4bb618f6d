import { dirname } from "node:path";

/** Whether a module is one that is bundled. */
export function isTypeScript(url) {
  return /^file:.*\.ts$/.test(url);
}

/** How a TypeScript file becomes one module, in memory; packages stay what they are. */
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
    // Pulumi's own formatter looks into source maps for each of the thousands of stacks that it reads: 2 s of a
    // preview of 100 models.
    banner: { js: "Error.prepareStackTrace = undefined;" },
  };
}
