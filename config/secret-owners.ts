import { problemOfModelId, SHARED } from "../fleet/names";
import { nearest } from "../lib/nearest";
import { isMap } from "./merge";
import { problemsOfIds } from "./models";
import { pathText, problem, type Problem } from "./problem";

/** Values by key, before they are checked. */
type Values = Readonly<Record<string, unknown>>;

/** The key in `secrets` of what only one variant of a model gets. No model ID has a slash. */
export function secretsKey(id: string, variant: string): string {
  return `${id}/${variant}`;
}

/**
 * Secrets have no effect unless they are those of a model, of one of its variants, or of all.
 *
 * @param ids The active models; undefined while the list has problems, since it may name any model.
 */
export function problemsOfSecretOwners(
  { secrets, catalog }: Values,
  ids: readonly string[] | undefined,
): Problem[] {
  if (!isMap(secrets)) return [];
  const entries = Object.entries(secrets).filter(([key]) => key !== SHARED);
  const ofModels = Object.fromEntries(entries.filter(([key]) => !key.includes("/")));
  const ofVariants = entries.map(([key]) => key).filter((key) => key.includes("/"));
  const known = [...new Set([...(ids ?? []), ...(isMap(catalog) ? Object.keys(catalog) : [])])];
  const own = ids === undefined ? [] : Object.keys(ofModels);
  const unknown = own.filter((id) => !known.includes(id) && !problemOfModelId(id));
  const variants = known.flatMap((id) => variantsIn(catalog, id).map((name) => secretsKey(id, name)));
  const taken = (key: string) => key in secrets;
  return [
    ...problemsOfIds("secrets", ofModels),
    ...unknown.map((id) =>
      withoutOwner(
        id,
        "belongs to no model: the ID is neither in models nor in catalog",
        [...known, SHARED].filter((one) => !taken(one)),
      ),
    ),
    ...ofVariants
      .filter((key) => !variants.includes(key))
      .map((key) =>
        withoutOwner(
          key,
          ruleOfVariant(key, catalog),
          variants.filter((one) => !taken(one)),
        ),
      ),
  ];
}

function withoutOwner(key: string, rule: string, free: readonly string[]): Problem {
  const path = pathText(["secrets", key]);
  const near = nearest(key, free);
  const remove = `\`pulumi config rm --path ${key.includes("/") ? `'${path}'` : path}\``;
  return problem(
    path,
    undefined,
    rule,
    near ? `did you mean "${near}"? Else remove it: ${remove}` : `remove it: ${remove}`,
  );
}

function ruleOfVariant(key: string, catalog: unknown): string {
  const [id = ""] = key.split("/");
  const names = variantsIn(catalog, id);
  const has = names.length === 0 ? "no variants" : `the variants ${names.join(", ")}`;
  return `belongs to no variant: catalog.${id} has ${has}`;
}

/** Names of the variants in a model's entry. */
export function variantsIn(catalog: unknown, id: string): string[] {
  const entry: unknown = isMap(catalog) ? catalog[id] : undefined;
  const variants: unknown = isMap(entry) ? entry["variants"] : undefined;
  return isMap(variants) ? Object.keys(variants) : [];
}
