import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../../lib/paths";
import packageJson from "../../package.json";

const PRODUCT = ["fleet", "config", "components", "failures", "kubernetes", "ownership", "cli", "lib"];

/** Every source file of the product. */
const files = [
  "index.ts",
  "package.ts",
  ...PRODUCT.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  ),
].filter((path) => /\.m?[jt]s$/.test(path));

/** The packages that a file imports, types included. */
function packagesOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), "utf8"), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => !name.startsWith(".") && !name.startsWith("node:") && !builtinModules.includes(name))
    .map((name) => (/^(@[^/]+\/)?[^/]+/.exec(name) ?? [name])[0]);
}

/** npm installs both kinds with `npm ci --omit=dev`; the packages that a user's program has too are peers. */
const KNOWN = Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies });

test("the product imports packages of `dependencies` and peers only, so that `npm ci --omit=dev` is enough to use it", () => {
  const others = files.flatMap((file) =>
    packagesOf(file)
      .filter((name) => !KNOWN.includes(name))
      .map((name) => `${file} imports ${name}`),
  );
  expect(others).toEqual([]);
});

test("no file of the product imports dev/, test/ or examples/, not even when it runs", () => {
  const outside = files.flatMap((file) =>
    ts
      .preProcessFile(readFileSync(join(ROOT, file), "utf8"), true, true)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) => name.startsWith("."))
      .map((name) => join(dirname(file), name))
      .filter((path) => ![...PRODUCT, "package", "package.json"].includes(path.split("/")[0] ?? ""))
      .map((path) => `${file} imports ${path}`),
  );
  expect(outside).toEqual([]);
});

test("every package of `dependencies` and every peer is imported by the product", () => {
  const used = new Set(files.flatMap(packagesOf));
  expect(KNOWN.filter((name) => !used.has(name))).toEqual([]);
});
