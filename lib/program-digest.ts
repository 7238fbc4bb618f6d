import { getVersion } from "@pulumi/kubernetes/utilities.js";
import { version as engine } from "@pulumi/pulumi/version.js";

/**
 * What decides beside the settings how objects look: the code that this process runs, and the versions of the packages that send
 * them. Two programs with the same one make the same objects of the same settings.
 */
export function programDigest(): readonly (string | undefined)[] {
  const { [PROGRAM]: program, [PACKAGE]: own } = globalThis as Digests;
  return [program, own, engine, getVersion()];
}

/** Of the TypeScript that is run, with the files that it imports but not packages: `lib/typescript/hook.mjs`. */
const PROGRAM = Symbol.for("modelfleet.program");

/** Of this package, where it was built: `dev/package/build.ts`. */
const PACKAGE = Symbol.for("modelfleet.package");

interface Digests {
  readonly [PROGRAM]?: string;
  readonly [PACKAGE]?: string;
}
