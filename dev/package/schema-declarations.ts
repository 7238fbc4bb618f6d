import ts from "typescript";
import { fleetSettings } from "../../config/fleet-schema";
import { inputSchema } from "../../config/json-schema";
import { isMap } from "../../config/merge";
import { catalogEntry, partialModel } from "../../config/model-schema";

/** What the settings say of themselves, by the name of their type. */
const HELP: Readonly<Record<string, unknown>> = {
  ModelSettings: inputSchema(partialModel),
  PartialModelSettings: inputSchema(catalogEntry),
  FleetSettings: inputSchema(fleetSettings),
};

const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;

/** The exported types and constants of a schema's file, written out, with the help of each setting. */
export function schemaDeclarations(program: ts.Program, file: string): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`${file} exports nothing`);
  const written = checker.getExportsOfModule(symbol).flatMap((one) => {
    if (one.flags & ts.SymbolFlags.TypeAlias) {
      const type = checker.getDeclaredTypeOfSymbol(one);
      return [`export type ${one.name} = ${typeText(checker, type, HELP[one.name], "")};`];
    }
    const type = checker.getTypeOfSymbol(one);
    const text = checker.typeToString(type, undefined, FORMAT);
    // A schema's own type is zod's, which nobody outside needs.
    return /Zod/.test(text) ? [] : [`export declare const ${one.name}: ${text};`];
  });
  return `${written.join("\n")}\n`;
}

function typeText(checker: ts.TypeChecker, type: ts.Type, help: unknown, indent: string): string {
  const value = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (value !== undefined)
    return `{ readonly [key: string]: ${typeText(checker, value, valueHelp(help), indent)} }`;
  if (!isPlainObject(checker, type)) return checker.typeToString(type, undefined, FORMAT);
  const inner = `${indent}    `;
  const fields = checker.getPropertiesOfType(type).map((field) => {
    const own = helpOf(help, field.name);
    const optional = (field.flags & ts.SymbolFlags.Optional) !== 0;
    const declared = checker.getTypeOfSymbol(field);
    const text = typeText(checker, optional ? checker.getNonNullableType(declared) : declared, own, inner);
    const mark = optional ? "?" : "";
    return `${docOf(own, inner)}${inner}readonly ${field.name}${mark}: ${text}${optional ? " | undefined" : ""};\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

/** A map with known keys, which is written out. */
function isPlainObject(checker: ts.TypeChecker, type: ts.Type): boolean {
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    !checker.isArrayLikeType(type) &&
    checker.getPropertiesOfType(type).length > 0
  );
}

function helpOf(help: unknown, name: string): unknown {
  return isMap(help) && isMap(help["properties"]) ? help["properties"][name] : undefined;
}

function valueHelp(help: unknown): unknown {
  return isMap(help) ? help["additionalProperties"] : undefined;
}

function docOf(help: unknown, indent: string): string {
  if (!isMap(help) || typeof help["description"] !== "string") return "";
  const { default: value, otherwise } = help;
  const text = value === undefined ? otherwise : JSON.stringify(value);
  const lines = [help["description"], ...(text === undefined ? [] : [`@default ${String(text)}`])];
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line.replaceAll("*/", "*\\/")}\n`).join("")}${indent} */\n`;
}
