// Keeps the generated API of the Kubernetes client out of the program: 700 files, which take longer to load than
// everything else. api.ts uses only the kubeconfig reader, which needs two of its names. Pulumi.yaml loads this file
// before the program (`nodeargs`); it registers itself as a module hook, which Node.js runs on a separate thread.
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

const GENERATED = "/@kubernetes/client-node/dist/gen/index.js";
const NEEDED = [
  'export { createConfiguration } from "./configuration.js";',
  'export { ServerConfiguration } from "./servers.js";',
].join("\n");

if (isMainThread) register(import.meta.url);

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  return url.endsWith(GENERATED)
    ? { format: "module", source: NEEDED, shortCircuit: true }
    : next(url, context);
}
