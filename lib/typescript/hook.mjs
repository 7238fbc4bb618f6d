// Runs on the thread of Node's module hooks: see register.mjs.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleOptions, isTypeScript } from "./bundle.mjs";

/** Gives a TypeScript file as one module with all that it imports of the project's own. */
export async function load(url, context, next) {
  if (!isTypeScript(url)) return next(url, context);
  const { outputFiles } = await build(bundleOptions(fileURLToPath(url)));
  return { format: "module", source: outputFiles[0].text, shortCircuit: true };
}
