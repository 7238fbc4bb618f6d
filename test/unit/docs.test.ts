import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { resolveFleet } from "../../config/resolve";
import { migratePage } from "../../dev/docs/migrate-page";
import { fleetPicture, picture } from "../../dev/docs/picture";
import { runtimesPage } from "../../dev/docs/runtimes-page";
import { settingsPage } from "../../dev/docs/settings-page";
import { ROOT } from "../../lib/paths";
import { UserError } from "../../lib/user-error";
import { config } from "../support/settings";

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

test("docs/settings.md is generated from the current schemas (fix: npm run docs)", () => {
  expect(read("docs/settings.md")).toBe(settingsPage());
});

test("docs/migrate.md has the current tables of the import (fix: npm run docs)", () => {
  expect(read("docs/migrate.md")).toBe(migratePage(read("docs/migrate.md")));
});

test("docs/runtimes.md is generated from the current presets (fix: npm run docs)", () => {
  expect(read("docs/runtimes.md")).toBe(runtimesPage());
});

test("docs/errors.md shows the current report on its settings", () => {
  const [, shown = ""] = /<!-- settings -->\n```\nerror: (.*?)\n```/s.exec(read("docs/errors.md")) ?? [];
  const settings = {
    models: "iris,Wine,digits,iris",
    defaults: { image: "registry.example/model:1" },
    catalog: { iris: { env: { API_TOKEN: "x" }, replica: 2 } },
  };
  expect(() => resolveFleet(config(settings))).toThrow(new UserError(shown));
});

test.each(["variants", "openai", "protection", "runtimes", "artefacts"])(
  "the settings in docs/%s.md have no problem",
  (page) => {
    const [first, ...others] = [
      ...read(`docs/${page}.md`).matchAll(/<!-- settings -->\n```yaml\n(.*?)```/gs),
    ];
    expect(first).toBeDefined();
    for (const [, text = ""] of [first ?? [], ...others]) {
      const settings = {
        models: "iris",
        defaults: { image: "registry.example/models/iris:3" },
        ...(parse(text) as object),
      };
      expect(() => resolveFleet(config(settings))).not.toThrow();
    }
  },
);

test("every test that docs/comparison.md names exists", () => {
  const page = read("docs/comparison.md");
  const named = [...page.matchAll(/^- \[[^\]]+\]\((\.\.\/test\/[^)]+)\): ("[^"]+")$/gm)];
  expect(named).toHaveLength(page.match(/^- /gm)?.length ?? 0);
  expect(named.length).toBeGreaterThan(10);
  const missing = named.filter(
    ([, file = "", title = ""]) => !read(join("docs", file)).includes(`(${title}`),
  );
  expect(missing.map(([line]) => line)).toEqual([]);
});

test("the settings in examples/openai have no problem", () => {
  const { config: keys } = parse(read("examples/openai/Pulumi.example.yaml")) as { config: object };
  const settings = Object.entries(keys).map(([key, value]) => [
    key.replace("modelfleet:", ""),
    value as unknown,
  ]);
  expect(() => resolveFleet(config(Object.fromEntries(settings) as Record<string, unknown>))).not.toThrow();
});

test("every variable that the code reads by the name MODELFLEET_... is on a page", () => {
  const folders = ["config", "cli", "lib", "dev", "test"];
  const sources = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  );
  const text = sources.filter((path) => /\.(ts|mjs)$/.test(path)).map(read);
  // MODELFLEET_CLUSTER marks processes (dev/cluster/processes.ts); nobody sets it.
  const names = new Set(text.join("\n").match(/\bMODELFLEET_(?!CLUSTER\b)[A-Z_]+[A-Z]\b/g));
  const pages = read("docs/own-cluster.md") + read("CONTRIBUTING.md");
  expect(names.size).toBeGreaterThan(2);
  expect([...names].filter((name) => !pages.includes(name))).toEqual([]);
});

test("the README has at most 130 lines", () => {
  expect(read("README.md").split("\n").length - 1).toBeLessThanOrEqual(130);
});

test("docs/fleet.svg is generated from its current captures (fix: npm run docs)", () => {
  expect(read("docs/fleet.svg")).toBe(fleetPicture());
});

test("a picture shows XML's special characters as they were printed", () => {
  expect(picture([{ title: "<a>", text: "$ a & b\n1 => 2\n" }])).toContain(">1 =&gt; 2</text>");
});
