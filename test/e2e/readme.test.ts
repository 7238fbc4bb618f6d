import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../lib/paths";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { eventually, predict } from "../support/traffic";
import { Workspace } from "../support/workspace";

/** Pages with lines to type, in reading order. */
const PAGES = ["README.md", "docs/daily-edits.md"];

/** The lines of a page's blocks that are marked as tests, in order. */
function linesOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  const blocks = [...text.matchAll(/<!-- test -->\n+```sh\n(.*?)```/gs)].map(([, block = ""]) => block);
  return blocks
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

const LINES = PAGES.flatMap((page) => linesOf(page).map((line) => [page, line] as const));

describeReal("the documentation", (cluster) => {
  let fleet: Workspace;

  beforeAll(async () => {
    fleet = await Workspace.create({
      stack: "readme",
      cluster,
      // The settings of Pulumi.dev.yaml, which may be edited by now. Without its default backend: only one can serve
      // every host and path, and another test has one.
      config: {
        models: ["iris", "wine", "digits"],
        defaults: EXAMPLE_DEFAULTS,
        ingress: { className: "traefik" },
      },
    });
    await fleet.up();
  });
  afterAll(() => fleet.remove());

  test("has tested lines on every page", () => {
    expect(PAGES.filter((page) => linesOf(page).length === 0)).toEqual([]);
    expect(LINES.map(([, line]) => line)).toContain("pulumi config set models iris,wine");
  });

  test.each(LINES)("in %s has a line that works: %s", async (_page, line) => {
    const { exitCode, text } = await fleet.shell(line);
    expect(exitCode, text).toBe(0);
  });

  test("leaves models that answer", async () => {
    const urls = await fleet.output<Record<string, string>>("urls");
    expect(Object.keys(urls)).toContain("iris");
    await eventually(async () => expect((await predict(urls["iris"] as string, "iris")).status).toBe(200));
  });
});
