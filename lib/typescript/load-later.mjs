// Pulumi's package loads at once what it needs only to send a function's code to a dynamic provider: the TypeScript compiler
// and npm's own solver of dependencies, more than half of what an empty program loads. Here they are loaded when first used.
import Module, { createRequire } from "node:module";

const PARTS = ["serializeClosure", "codePaths"].map((name) => `@pulumi/pulumi/runtime/closure/${name}.js`);

const require = createRequire(import.meta.url);

for (const part of PARTS) {
  const file = resolved(part);
  if (file !== undefined && require.cache[file] === undefined) loadLater(file);
}

/** Puts a module in the place of another one, which is loaded when one of its functions is called. @param {string} file */
function loadLater(file) {
  const placeholder = new Module(file);
  const get =
    (/** @type {unknown} */ _, /** @type {string} */ name) =>
    (/** @type {unknown[]} */ ...args) => {
      if (require.cache[file] === placeholder) Reflect.deleteProperty(require.cache, file);
      return require(file)[name](...args);
    };
  placeholder.exports = new Proxy({}, { get });
  placeholder.loaded = true;
  require.cache[file] = placeholder;
}

/** Undefined if this release of the package has no such part. @param {string} name */
function resolved(name) {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
