import { DEFAULT_VARIANT } from "../fleet/names";
import { nearest } from "../lib/nearest";
import { entryOf, imageOf, merged, type Values, written } from "./layers";
import { isMap } from "./merge";
import { pathText, problem, type Problem } from "./problem";
import { withRuntime } from "./runtimes";

/**
 * The models, and the variants, without an image.
 *
 * @param active The active models, whose entries are not suggested for another one.
 */
export function missingImages(ids: readonly string[], values: Values, active = ids): Problem[] {
  // Another kind of entry is a problem of its own.
  const isReadable = (entry: unknown) => entry === undefined || isMap(entry);
  return ids
    .filter((id) => isReadable(entryOf(values["catalog"], id)))
    .map((id) => written(id, values))
    .flatMap(({ id, shared, variants = { [DEFAULT_VARIANT]: {} } }) => {
      const names = Object.entries(variants)
        .filter(([, own]) => imageOf(merged(withRuntime([...shared, own], values["runtimes"]))) === undefined)
        .map(([name]) => name);
      if (names.length === Object.keys(variants).length) return [missingImage(id, values["catalog"], active)];
      return names.map((name) => {
        const path = pathText(["catalog", id, "variants", name, "image"]);
        return problem(path, undefined, "is missing", `set it, or catalog.${id}.image for all variants`);
      });
    });
}

function missingImage(id: string, catalog: unknown, active: readonly string[]): Problem {
  const entries = isMap(catalog) ? Object.keys(catalog) : [];
  const free = entries.filter((entry) => !active.includes(entry));
  const near = entries.includes(id) ? undefined : nearest(id, free);
  const fix = `\`pulumi config set --path catalog.${id}.image <image>\`, or defaults.image for all models`;
  return problem(
    `catalog.${id}.image`,
    undefined,
    "is missing",
    near ? `did you mean the model "${near}"? Else ${fix}` : fix,
  );
}
