import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { digest } from "../../lib/digest";
import { ROOT } from "../../lib/paths";
import { declarations } from "./declarations";

/** Makes `dist/`, what other programs import: `npm pack` runs this first. The commands run from their sources. */
const DIST = join(ROOT, "dist");
const ENTRY = join(ROOT, "package.ts");

rmSync(DIST, { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: [ENTRY],
  outfile: join(DIST, "package.js"),
  write: false,
  absWorkingDir: ROOT,
  bundle: true,
  packages: "external",
  // Most Pulumi programs are CommonJS, and an ES module can import a CommonJS module by its names.
  format: "cjs",
  platform: "node",
  target: "node20",
  logLevel: "warning",
});
mkdirSync(DIST);
for (const { path, text } of outputFiles)
  writeFileSync(path, `globalThis[Symbol.for("modelfleet.package")] = "${digest(text)}";\n${text}`);
// The folder is CommonJS in a package of ES modules, for Node.js and for TypeScript.
writeFileSync(join(DIST, "package.json"), '{ "type": "commonjs" }\n');
for (const [path, text] of declarations(ENTRY, ROOT)) {
  const file = join(DIST, "types", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
