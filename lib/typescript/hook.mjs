// Runs on the thread of Node's module hooks: see register.mjs.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleOptions, isTypeScript } from "./bundle.mjs";

/**
 * The generated API of the Kubernetes client: 700 files, which take longer to load than the rest of the program. The
 * program uses only the client's reader of kubeconfigs, which imports two names of it.
 */
const CLIENT_API = "/@kubernetes/client-node/dist/gen/index.js";
const USED_NAMES = [
  'export { createConfiguration } from "./configuration.js";',
  'export { ServerConfiguration } from "./servers.js";',
].join("\n");

/**
 * Returns a TypeScript file as one module, bundled with the project's files that it imports.
 *
 * @type {import("node:module").LoadHook}
 */
export async function load(url, context, next) {
  if (url.endsWith(CLIENT_API)) return { format: "module", source: USED_NAMES, shortCircuit: true };
  if (!isTypeScript(url)) return next(url, context);
  const { outputFiles } = await build(bundleOptions(fileURLToPath(url)));
  return { format: "module", source: outputFiles[0]?.text, shortCircuit: true };
}
