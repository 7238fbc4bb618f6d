/**
 * A digest of the TypeScript that this process runs, with the files that it imports but not packages, as
 * lib/typescript/hook.mjs sets it; undefined if it was compiled before.
 */
export function programDigest(): string | undefined {
  return (globalThis as { readonly [PROGRAM]?: string })[PROGRAM];
}

const PROGRAM = Symbol.for("modelfleet.program");
