import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Go } from "./go";
import { download } from "./sources";
import { type ToolName, TOOLS } from "./versions";

/** The part of a schema that has further schemas in it. */
interface Schema {
  description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface Definition {
  readonly spec: {
    versions: {
      readonly name: string;
      readonly storage: boolean;
      readonly schema: { openAPIV3Schema: Schema };
    }[];
  };
}

/**
 * The definitions of kinds as JSON for kubectl, from files of a pinned Go module.
 *
 * They lose their descriptions and the versions that nobody asks for: with these, those of the Gateway API have 1 MB, and
 * creating them takes three times as long, at every start of a cluster. Fields, defaults and rules stay.
 */
export async function kindsOf(name: ToolName, go: Go, folder: string): Promise<string> {
  const { module, version, kinds = [] } = TOOLS[name];
  const { Dir } = await download(go, folder, `${module}@v${version}`);
  return kindsFile(await Promise.all(kinds.map((file) => readFile(join(Dir, file), "utf8"))));
}

/** The same from the texts of the files. */
export function kindsFile(texts: readonly string[]): string {
  const items = texts.map((text) => reduced(parse(text) as Definition));
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items })}\n`;
}

/** The same definition with the version v1, and the one in which objects are stored, without descriptions. */
export function reduced(definition: Definition): Definition {
  const { spec } = definition;
  spec.versions = spec.versions.filter(({ name, storage }) => name === "v1" || storage);
  for (const { schema } of spec.versions) undescribe(schema.openAPIV3Schema);
  return definition;
}

/** Only where it is the schema's own text: a property may have the name `description` too. */
function undescribe(schema: Schema): void {
  delete schema.description;
  const { properties = {}, items, additionalProperties } = schema;
  const inner = [...Object.values(properties), items, additionalProperties];
  for (const one of inner) if (typeof one === "object") undescribe(one);
}
