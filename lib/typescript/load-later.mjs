// Pulumi's package loads at once what it needs only to send a function's code to a dynamic provider (the TypeScript compiler,
// npm's solver of dependencies) or to trace calls (`pulumi --tracing`): three quarters of what an empty program loads. Here
// they are loaded when first used.
import Module, { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const pulumi = resolved(require, "@pulumi/pulumi");

if (pulumi !== undefined) {
  // The package reads these modules' functions at once, so each stands for itself until it is called.
  for (const name of ["serializeClosure", "codePaths"])
    loadLater(createRequire(pulumi), `./runtime/closure/${name}`, (load, name) => {
      return (/** @type {unknown[]} */ ...args) => load()[name](...args);
    });
  const parts = [
    "resources",
    "sdk-trace-base",
    "sdk-trace-node",
    "exporter-zipkin",
    "instrumentation",
    "instrumentation-grpc",
  ];
  for (const part of parts)
    loadLater(createRequire(pulumi), `@opentelemetry/${part}`, (load, name) => load()[name]);
}

/**
 * Puts something in the place of a module that is not loaded yet.
 *
 * @param {NodeJS.Require} require
 * @param {string} name
 * @param {(load: () => any, property: string) => unknown} get What a property of it is.
 */
function loadLater(require, name, get) {
  const file = resolved(require, name);
  if (file === undefined || require.cache[file] !== undefined) return;
  const placeholder = new Module(file);
  const load = () => {
    if (require.cache[file] === placeholder) Reflect.deleteProperty(require.cache, file);
    return require(file);
  };
  placeholder.exports = new Proxy({}, { get: (_, property) => get(load, String(property)) });
  placeholder.loaded = true;
  require.cache[file] = placeholder;
}

/**
 * The path of a module; undefined if this release of Pulumi's package has none of this name.
 *
 * @param {NodeJS.Require} require
 * @param {string} name
 */
function resolved(require, name) {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
