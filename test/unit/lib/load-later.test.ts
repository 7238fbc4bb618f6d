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

/** What is loaded of it, in place of a placeholder. */
const LOADED = `const loaded = () =>
  ["typescript", "@npmcli/arborist", "@opentelemetry/exporter-zipkin"].filter((name) => {
    const found = require.cache[require.resolve(name)];
    return found !== undefined && !require("node:util").types.isProxy(found.exports);
  });`;

test("Pulumi does not load the compiler, the solver of dependencies and what traces calls", async () => {
  const program = `require("@pulumi/pulumi/cmd/run/tracing"); require("@pulumi/pulumi"); ${LOADED} console.log(JSON.stringify(loaded()));`;
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

test("what traces calls is loaded when it is used", async () => {
  const program = `const tracing = require("@pulumi/pulumi/cmd/run/tracing"); ${LOADED}
    tracing.start("http://127.0.0.1:9/api/v2/spans");
    console.log(JSON.stringify({ loaded: loaded(), works: tracing.newSpan("a span").isRecording() }));
    process.exit();`;
  expect(await run(program)).toEqual({ loaded: ["@opentelemetry/exporter-zipkin"], works: true });
});
