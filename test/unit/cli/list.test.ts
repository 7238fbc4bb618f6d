import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modelsOf, modelsTable } from "../../../cli/list";
import { ROOT } from "../../../lib/paths";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "modelfleet-list-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const OUTPUTS = {
  namespace: "models",
  models: {
    wine: { image: "registry.example/wine:2", replicas: 2, url: "http://models.example/models/wine" },
    iris: { image: "registry.example/iris:1", replicas: 0, url: "/models/iris" },
  },
};

/** Puts a `pulumi` on PATH that answers from files, and runs `modelfleet list`. */
async function list(args: readonly string[], outputs: object, stacks: object[] = [], selected = "") {
  writeFileSync(join(folder, "outputs.json"), JSON.stringify(outputs));
  writeFileSync(join(folder, "stacks.json"), JSON.stringify(stacks));
  const pulumi = join(folder, "pulumi");
  writeFileSync(
    pulumi,
    `#!/bin/sh
echo "$PWD: $*" >> "${folder}/calls"
fail() { echo "error: $1" >&2; exit 255; }
case "$*" in
  version) echo v3.232.0 ;;
  "stack --show-name "*) test -n "${selected}" && echo "${selected}" ;;
  "stack ls "*) cat "${folder}/stacks.json" ;;
  "stack output "*"--stack nosuch "*) fail "no stack named 'nosuch' found" ;;
  "stack output "*"--stack locked "*) fail "passphrase must be set" ;;
  "stack output "*) cat "${folder}/outputs.json" ;;
  *) fail "unexpected: $*" ;;
esac
`,
  );
  chmodSync(pulumi, 0o755);
  const { exitCode, stdout, stderr } = await runList(args, `${folder}${delimiter}${process.env["PATH"]}`);
  return { exitCode, stdout, stderr };
}

const runList = (args: readonly string[], PATH: string) =>
  execa(process.execPath, [join(ROOT, "cli", "run.mjs"), "list", ...args], {
    // Names a backend, or the fleet of `npm start` would be meant, if it runs.
    ...{ cwd: folder, env: { PATH, PULUMI_BACKEND_URL: "file:///state" }, reject: false, stdin: "ignore" },
  });

test("the models of the selected stack are a table, sorted by ID", async () => {
  const stacks = [{ name: "dev" }, { name: "prod", current: true }];
  expect(await list([], OUTPUTS, stacks)).toEqual({
    exitCode: 0,
    stdout: [
      "MODEL  REPLICAS  IMAGE                    URL",
      "iris   0         registry.example/iris:1  /models/iris",
      "wine   2         registry.example/wine:2  http://models.example/models/wine",
    ].join("\n"),
    stderr: "",
  });
  const calls = readFileSync(join(folder, "calls"), "utf8");
  expect(calls).toContain(`${ROOT}: stack output --json --stack prod `);
  expect(calls).not.toContain("stack select");
});

test("the selected stack of a file or a bucket is asked for by its name: a list would read the state of each stack", async () => {
  const { exitCode } = await list([], OUTPUTS, [], "organization/modelfleet/prod");
  expect(exitCode).toBe(0);
  const calls = readFileSync(join(folder, "calls"), "utf8");
  expect(calls).toContain(`${ROOT}: stack output --json --stack prod `);
  expect(calls).not.toContain("stack ls");
});

test("--json prints the models of the stack that --stack names as a list", async () => {
  const { exitCode, stdout } = await list(["--stack", "prod", "--json"], OUTPUTS);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    { id: "iris", replicas: 0, image: "registry.example/iris:1", url: "/models/iris" },
    { id: "wine", replicas: 2, image: "registry.example/wine:2", url: "http://models.example/models/wine" },
  ]);
});

test("a fleet without models is a table with its headings, and an empty list in JSON", async () => {
  expect((await list(["--stack", "dev"], { models: {} })).stdout).toBe("MODEL  REPLICAS  IMAGE  URL");
  expect((await list(["--stack", "dev", "--json"], { models: {} })).stdout).toBe("[]");
});

test.each([
  [
    "a stack that does not exist",
    ["--stack", "nosuch"],
    'there is no stack "nosuch": `pulumi stack ls` lists those of the backend that `pulumi whoami --verbose` shows',
  ],
  [
    "no selected stack",
    [],
    "no stack is selected: give --stack NAME, or select one with `pulumi stack select`",
  ],
  [
    "a stack that was never updated",
    ["--stack", "new"],
    'stack "new" deploys nothing: bring it up with `pulumi up --stack new`',
  ],
  ["any other error of pulumi", ["--stack", "locked"], "passphrase must be set"],
])("%s exits with 1 and says what to do", async (_, args, message) => {
  expect(await list(args, {})).toEqual({ exitCode: 1, stdout: "", stderr: `error: ${message}` });
});

test("a missing pulumi exits with 1 and says where to get it", async () => {
  const { exitCode, stderr } = await runList([], join(dirname(process.execPath), "nothing-here"));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr:
      "error: pulumi is not on PATH: install it (https://www.pulumi.com/docs/install/), or add its folder to PATH",
  });
});

test("an autoscaled model has the fewest and the most pods", () => {
  const iris = { image: "iris:1", minReplicas: 2, maxReplicas: 10, url: "/models/iris" };
  const [model, ...others] = modelsOf("dev", { models: { value: { iris }, secret: false } });
  expect(model).toEqual({ id: "iris", ...iris });
  expect(others).toEqual([]);
  expect(modelsTable(model === undefined ? [] : [model])).toMatch(/^iris +2-10 +iris:1/m);
});
