import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Go } from "./go";
import { download } from "./sources";
import { TOOLS } from "./versions";

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
 * The definitions of the Gateway API's kinds (standard channel) as JSON for kubectl, from the pinned Go module.
 *
 * They lose their descriptions and the versions that nobody asks for: with these, they have 1 MB, and creating them takes
 * three times as long, at every start of a cluster. Fields, defaults and rules stay.
 *
 * @param kinds Plural names in lower case.
 */
export async function gatewayKinds(go: Go, folder: string, kinds: readonly string[]): Promise<string> {
  const { module, version } = TOOLS["gateway-api"];
  const { Dir } = await download(go, folder, `${module}@v${version}`);
  const items = kinds.map(async (kind) => {
    const file = join(Dir, "config", "crd", "standard", `gateway.networking.k8s.io_${kind}.yaml`);
    return reduced(parse(await readFile(file, "utf8")) as Definition);
  });
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: await Promise.all(items) })}\n`;
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
