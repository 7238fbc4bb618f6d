import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { schemaDeclarations } from "./schema-declarations";

/** The files whose types zod infers: an editor shall show the settings instead, with their help. */
const SCHEMAS = ["config/model-schema.ts", "config/fleet-schema.ts"];

/** The package that declarations may import: users have it. The types of Kubernetes would take seconds to be checked. */
const KNOWN = /^@pulumi\/pulumi$/;

/**
 * The declaration files of a module and of all that its types need, by their path from the root.
 *
 * @throws Error if one of them would import another package than Pulumi's
 */
export function declarations(entry: string, root: string): Map<string, string> {
  const program = ts.createProgram([entry], {
    ...options(root),
    declaration: true,
    emitDeclarationOnly: true,
  });
  const found = new Map<string, string>();
  const add = (file: string) => {
    const path = relative(root, file);
    if (found.has(path)) return;
    const text = SCHEMAS.includes(path) ? schemaDeclarations(program, file) : declarationOf(program, file);
    found.set(path, text);
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (fileName.startsWith(".")) add(`${join(dirname(file), fileName)}.ts`);
      else if (!KNOWN.test(fileName)) throw new Error(`the declarations of ${path} would import ${fileName}`);
    }
  };
  add(entry);
  return new Map([...found].map(([path, text]) => [path.replace(/\.ts$/, ".d.ts"), text]));
}

function declarationOf(program: ts.Program, file: string): string {
  let text: string | undefined;
  program.emit(program.getSourceFile(file), (_path, written) => (text = written));
  if (text === undefined) throw new Error(`no declarations were made for ${file}`);
  return text;
}

function options(root: string): ts.CompilerOptions {
  const path = join(root, "tsconfig.project.json");
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file));
  const { options: own } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...own, noEmit: false, allowJs: false, checkJs: false, allowImportingTsExtensions: false };
}
