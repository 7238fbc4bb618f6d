import { isMap } from "./merge";
import type { Problem } from "./problem";

/**
 * A problem of a setting that a variant has from its model, at the model's path: it is one problem of all variants.
 *
 * @param at The path of the variant. @param own What the variant itself says.
 */
export function atItsPlace(
  line: Problem,
  { at, model, own }: { readonly at: string; readonly model: string; readonly own: unknown },
): Problem {
  const rest = line.slice(at.length);
  const [tokens = ""] = /^(\.[\w-]+|\[[^\]]*\])*/.exec(rest) ?? [];
  const keys = [...tokens.matchAll(/\.([\w-]+)|\[("?)([^\]]*?)\2\]/g)].map(
    ([, plain, , quoted]) => plain ?? quoted ?? "",
  );
  const [first = ""] = keys;
  const has = (path: readonly string[]) =>
    path.reduce<unknown>(
      (value, key) =>
        isMap(value) || Array.isArray(value) ? (value as Readonly<Record<string, unknown>>)[key] : undefined,
      own,
    ) !== undefined;
  // Variables are independent of each other. Of any other map, what the variant says concerns the rest.
  return has(first === "env" ? keys : [first]) ? line : `${model}${rest}`;
}
