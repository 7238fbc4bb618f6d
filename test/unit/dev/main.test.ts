import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { program } from "../../../dev/main";
import { ROOT } from "../../../lib/paths";
import { parse } from "../../../lib/program";
import { testProgram } from "../../support/programs";

testProgram("dev", program);

const run = (...args: string[]) =>
  execa("node", [`${ROOT}/dev/run.mjs`, ...args], { cwd: "/", reject: false, stdin: "ignore" });

test("the help names every command as npm runs it", () => {
  const call = parse(program, ["--help"]);
  expect("help" in call && call.help).toMatch(
    /\n {2}npm start {10}Start .*\n {2}npm stop {11}Stop .*\n {2}npm run env {8}Print .*\n {2}npm test {11}Check .*\n {2}npm run bench {6}Compare .*\n {2}npm run downloads {2}Write /,
  );
});

test("package.json has a script for every command", async () => {
  const { scripts } = (await import("../../../package.json")).default as { scripts: Record<string, string> };
  for (const name of Object.keys(program.commands)) expect(scripts[name]).toBe(`node dev/run.mjs ${name}`);
});

describe("node dev/run.mjs", () => {
  test("shows the help of a command and exits with 0", async () => {
    const { exitCode, stdout, stderr } = await run("test", "--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Usage: npm test -- [PART] [FILTER...]\n");
  });

  test.each([
    [
      ["nosuch"],
      'unknown command "nosuch"; known commands: start, stop, env, test, bench, downloads. See `node dev/run.mjs --help`.',
    ],
    [["strat"], 'unknown command "strat"; did you mean "start"? See `node dev/run.mjs --help`.'],
    [
      ["local-cluster"],
      'unknown command "local-cluster"; known commands: start, stop, env, test, bench, downloads. See `node dev/run.mjs --help`.',
    ],
    [
      ["start", "--simulate"],
      'unknown option "--simulate"; did you mean "--simulated"? See `npm start -- --help`.',
    ],
    [["stop", "now"], 'unexpected argument "now". See `npm stop -- --help`.'],
    [["test", "e2"], 'no part "e2"; did you mean "e2e"?'],
    [["bench", "--models", "x"], '--models: "x" is not an integer from 1 to 5000'],
    [
      ["bench", "--only", "flux"],
      '--only: no contender "flux"; there are modelfleet, verbs, kubectl, helm, python, plain-pulumi, limit',
    ],
    [["test", "integration"], 'no part "integration"; the parts are unit and e2e'],
  ])("%j exits with 2 and says what to type instead", async (args, message) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: `error: ${message}` });
  });
});
