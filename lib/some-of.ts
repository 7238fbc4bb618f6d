/**
 * The first names in one line; the rest is counted.
 *
 * @example
 * someOf(["iris", "wine", "churn"], 2); // "iris, wine and 1 more"
 */
export function someOf(names: readonly string[], count: number): string {
  const more = names.length > count ? ` and ${names.length - count} more` : "";
  return `${names.slice(0, count).join(", ")}${more}`;
}
