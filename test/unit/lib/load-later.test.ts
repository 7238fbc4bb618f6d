import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { ROOT } from "../../../lib/paths";

/** What a program prints that runs as Pulumi runs ours. */
async function run(program: string): Promise<unknown> {
  const { stdout } = await execa(
    "node",
    [`--import=${join(ROOT, "lib/typescript/register.mjs")}`, "--input-type=commonjs", "--eval", program],
    { cwd: ROOT },
  );
  return JSON.parse(stdout);
}

const LOADED =
  'const loaded = () => ["typescript", "@npmcli/arborist"].filter((name) => require.resolve(name) in require.cache);';

test("Pulumi's package does not load the compiler and the solver of dependencies", async () => {
  const program = `require("@pulumi/pulumi"); ${LOADED} console.log(JSON.stringify(loaded()));`;
  expect(await run(program)).toEqual([]);
});

test("what serializes functions is loaded when it is used", async () => {
  const program = `const { runtime } = require("@pulumi/pulumi"); ${LOADED}
    const one = 1;
    runtime.serializeFunction(() => one + 1)
      .then(({ text }) => console.log(JSON.stringify({ loaded: loaded(), works: text.includes("one + 1") })));`;
  expect(await run(program)).toEqual({ loaded: ["typescript"], works: true });
});

test("what finds the packages of serialized functions is loaded when it is used", async () => {
  const program = `const { runtime } = require("@pulumi/pulumi"); ${LOADED}
    runtime.computeCodePaths()
      .then((paths) => console.log(JSON.stringify({ loaded: loaded(), some: paths.size > 0 })));`;
  expect(await run(program)).toEqual({ loaded: ["@npmcli/arborist"], some: true });
});
