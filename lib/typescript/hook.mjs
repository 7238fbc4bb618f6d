// Runs on the thread of Node's module hooks: see register.mjs.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleOptions, isTypeScript } from "./bundle.mjs";

/**
 * Returns a TypeScript file as one module, bundled with the project's files that it imports.
 *
 * @type {import("node:module").LoadHook}
 */
export async function load(url, context, next) {
  if (!isTypeScript(url)) return next(url, context);
  const { outputFiles } = await build(bundleOptions(fileURLToPath(url)));
  return { format: "module", source: outputFiles[0]?.text, shortCircuit: true };
}
