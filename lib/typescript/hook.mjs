// Runs on the thread of Node's module hooks: see register.mjs.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleOptions, isTypeScript } from "./bundle.mjs";

/**
 * The generated API of the Kubernetes client: 700 files, which take longer to load than all else of the program. Its
 * reader of kubeconfigs, the one part that the program uses, names two things of it.
 */
const CLIENT_API = "/@kubernetes/client-node/dist/gen/index.js";
const NAMED_OF_IT = [
  'export { createConfiguration } from "./configuration.js";',
  'export { ServerConfiguration } from "./servers.js";',
].join("\n");

/** Gives a TypeScript file as one module with all that it imports of the project's own. */
export async function load(url, context, next) {
  if (url.endsWith(CLIENT_API)) return { format: "module", source: NAMED_OF_IT, shortCircuit: true };
  if (!isTypeScript(url)) return next(url, context);
  const { outputFiles } = await build(bundleOptions(fileURLToPath(url)));
  return { format: "module", source: outputFiles[0].text, shortCircuit: true };
}
