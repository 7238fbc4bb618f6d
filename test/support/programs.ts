import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, type Metafile } from "esbuild";
import { expect, test } from "vitest";
import type { Program } from "../../lib/command";
import { ROOT } from "../../lib/paths";
import { parse } from "../../lib/program";
import { bundleOptions } from "../../lib/typescript/bundle.mjs";

/** Tests that every program with a table of commands passes. @param folder `cli` or `dev` */
export function testProgram(folder: string, program: Program): void {
  const files = readdirSync(join(ROOT, folder, "commands"));
  const commands = Object.entries(program.commands);

  test(`${folder}/commands/ has one file per command, and no other file`, () => {
    expect(files.sort()).toEqual(commands.map(([name]) => `${name}.ts`).sort());
  });

  test.each(files)(`${folder}/commands/%s is data and one call`, (file) => {
    const text = readFileSync(join(ROOT, folder, "commands", file), "utf8");
    const imports = [...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from);
    // Besides what makes a command, only options that several commands have.
    expect(["../../lib/command", "../../lib/command,../options"]).toContain(imports.join());
    expect(text.match(/\bawait import\(/g)).toHaveLength(1);
    expect(text.match(/\bfunction\b|^(?!import|export|\}|\s)/gm) ?? []).toEqual([""]);
  });

  test.each(commands)("the summary of %s is one line that fits into the table", (_name, { summary }) => {
    expect(summary).toMatch(/^[A-Z].{10,100}[^.]$/);
  });

  test.each(commands)("the examples of %s can be typed", (name, { examples }) => {
    const start = program.typed(name, "");
    for (const [line] of examples.filter(([text]) => text.startsWith(start))) {
      const args = line.slice(start.length).replace(/^ -- /, " ").split(" ").filter(Boolean);
      expect(parse(program, [name, ...args])).toHaveProperty("input");
    }
  });

  test.each(commands)("the help of %s fits into 120 columns", (name) => {
    const call = parse(program, [name, "--help"]);
    if (!("help" in call)) throw new Error("no help");
    expect(call.help.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });
}

/** The packages that a TypeScript file and its static imports load at start, without those that it imports later. */
export async function packagesLoadedBy(path: string): Promise<string[]> {
  const options = bundleOptions(join(ROOT, path)) as Parameters<typeof build>[0];
  const { metafile } = await build({ ...options, metafile: true });
  const outputs = metafile?.outputs ?? {};
  const importsOf = (output: string): Metafile["outputs"][string]["imports"] =>
    (outputs[output]?.imports ?? [])
      .filter(({ kind }) => kind === "import-statement")
      .flatMap((one) => (one.external ? [one] : importsOf(one.path)));
  const entry = Object.keys(outputs).find((output) => outputs[output]?.entryPoint?.endsWith(basename(path)));
  const atOnce = importsOf(entry ?? "");
  return [...new Set(atOnce.map(({ path: name }) => name))]
    .filter((name) => !name.startsWith("node:"))
    .sort();
}
