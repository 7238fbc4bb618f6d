import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { fleetSettings } from "../../config/fleet-schema";
import { partialModel } from "../../config/model-schema";
import { fleetPicture, picture } from "../../dev/docs/picture";
import { ROOT } from "../../lib/paths";

type JsonSchema = z.core.JSONSchema.BaseSchema;

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** Every page of this project, by its path from the root. */
const PAGES = [
  ...readdirSync(ROOT),
  ...["docs", "examples"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  ),
].filter((path) => path.endsWith(".md") && !path.includes("node_modules"));

test.each(PAGES)("links of %s lead to files that exist", (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
  const own = targets.filter((target) => !/^[a-z]+:/.test(target));
  expect(own.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
});

test("decision records are numbered without a gap, and each is titled with its number", () => {
  const files = readdirSync(join(ROOT, "docs", "decisions")).sort();
  const numbers = files.map((_, index) => String(index + 1).padStart(4, "0"));
  expect(files.map((file) => file.slice(0, 4))).toEqual(numbers);
  for (const file of files)
    expect(read(join("docs", "decisions", file))).toMatch(new RegExp(`^# ${file.slice(0, 4)} `));
});

test("the README's tables have every key of the settings, and no other", () => {
  const [, section = ""] = /\n## Settings\n(.*?)\n## /s.exec(read("README.md")) ?? [];
  const rows = [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, key]) => key);
  // `defaults` and the entries of `catalog` share the second table.
  const fleet = keysOf(fleetSettings).filter((key) => !key.startsWith("defaults."));
  expect(rows.sort()).toEqual([...fleet, "defaults", ...keysOf(partialModel)].sort());
});

test("docs/fleet.svg is what its captures make (if not: npm run docs)", () => {
  expect(read("docs/fleet.svg")).toBe(fleetPicture());
});

test("a picture shows what is special in XML as it was printed", () => {
  expect(picture([{ title: "<a>", text: "$ a & b\n1 => 2\n" }])).toContain(">1 =&gt; 2</text>");
});

/** The keys of a map of settings, those of maps with fixed keys as `outer.inner`. */
function keysOf(schema: z.ZodType): string[] {
  const walk = ({ properties = {} }: JsonSchema, before: string): string[] =>
    Object.entries(properties).flatMap(([key, field]) => {
      const inner = typeof field === "object" && field.properties ? walk(field, `${before}${key}.`) : [];
      return inner.length > 0 ? inner : [before + key];
    });
  return walk(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), "");
}
