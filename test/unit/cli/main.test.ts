import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program } from "../../../cli/main";
import { ROOT } from "../../../lib/paths";
import { packagesLoadedBy, testProgram } from "../../support/programs";

testProgram("cli", program);

const RUN = join(ROOT, "cli", "run.mjs");
const HELP = "Many models on Kubernetes from one list.\n\nCommands:\n";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "modelfleet-cli-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("the table of commands loads no package of Pulumi or Kubernetes, so that help is quick", async () => {
  expect(await packagesLoadedBy("cli/main.ts")).toEqual(["fastest-levenshtein"]);
});

describe("the program modelfleet", () => {
  test("runs from any folder through a link, like the link in node_modules/.bin", async () => {
    symlinkSync(RUN, join(folder, "modelfleet"));
    const { exitCode, stdout, stderr } = await execa("./modelfleet", ["--help"], {
      cwd: folder,
      reject: false,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`${HELP}  npx modelfleet deploy  `);
  });

  test("runs as `npx modelfleet` in a checkout, without a network", async () => {
    // npx links the checkout into its cache, here the test's own cache.
    const env = { npm_config_cache: join(folder, "npm"), npm_config_offline: "true" };
    const { exitCode, stdout, all } = await execa("npx", ["modelfleet", "--help"], {
      ...{ cwd: ROOT, env, all: true, reject: false, stdin: "ignore" },
    });
    expect(exitCode, all).toBe(0);
    expect(stdout).toContain(`${HELP}  npx modelfleet deploy  `);
  });

  test.each([
    [["lsit"], 'unknown command "lsit"; did you mean "list"? See `npx modelfleet --help`.'],
    [
      ["settings-file"],
      `unknown command "settings-file"; known commands: ${Object.keys(program.commands).join(", ")}. See \`npx modelfleet --help\`.`,
    ],
    [["../list"], /^error: unknown command "\.\.\/list"; /],
    [["list", "--jsno"], 'unknown option "--jsno"; did you mean "--json"? See `npx modelfleet list --help`.'],
    [["list", "--stack"], "--stack needs a value: --stack NAME. See `npx modelfleet list --help`."],
  ])("%j exits with 2 and says what to type instead", async (args, message) => {
    const { exitCode, stdout, stderr } = await execa(RUN, args, { reject: false });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    if (typeof message === "string") expect(stderr).toBe(`error: ${message}`);
    else expect(stderr).toMatch(message);
  });

  test("says in one sentence that packages are not installed, and how to install them", async () => {
    for (const path of ["cli/run.mjs", "lib/bootstrap.mjs", "package.json"])
      cpSync(join(ROOT, path), join(folder, path));
    const run = () => execa("node", [join(folder, "cli", "run.mjs"), "list"], { reject: false });
    const none = await run();
    expect(none.stderr).toMatch(/^error: the package \S+ is not installed: run `npm ci` in \S+\.$/);
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["@pulumi", "esbuild", "fastest-levenshtein", "hpagent", "socks-proxy-agent", "yaml"])
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    const some = await run();
    expect({ code: some.exitCode, stderr: some.stderr }).toEqual({
      code: 1,
      stderr: `error: the package zod is not installed: run \`npm ci\` in ${folder}.`,
    });
  });

  test("says that Node.js is too old", async () => {
    for (const path of ["cli/run.mjs", "lib/bootstrap.mjs"]) cpSync(join(ROOT, path), join(folder, path));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ engines: { node: ">=99.1" } }));
    const { exitCode, stderr } = await execa("node", [join(folder, "cli", "run.mjs")], { reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`error: this is Node.js ${process.versions.node}; install 99.1 or newer.`);
  });
});
