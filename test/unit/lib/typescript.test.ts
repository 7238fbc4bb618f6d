import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ROOT } from "../../../lib/paths";

describe("a TypeScript program", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "modelfleet-typescript-"));
    await writeFile(
      join(directory, "main.ts"),
      'import { half } from "./half";\nconsole.log(half(process.argv.length));\n',
    );
  });
  afterEach(() => rm(directory, { recursive: true }));

  const run = (half: string) =>
    writeFile(join(directory, "half.ts"), half).then(() =>
      execa("node", [`--import=${join(ROOT, "lib/typescript/register.mjs")}`, join(directory, "main.ts")], {
        reject: false,
      }),
    );

  test("runs without a build, with the files that it imports", async () => {
    const { stdout, exitCode } = await run("export function half(n: number): number {\n  return n / 2;\n}\n");
    expect({ stdout, exitCode }).toEqual({ stdout: "1", exitCode: 0 });
  });

  test("knows a digest of its files", async () => {
    const digest = (half: string) =>
      run(`export function half() {\n  ${half}\n  return globalThis[Symbol.for("modelfleet.program")];\n}\n`);
    const [first, same, other] = [await digest("// a"), await digest("// a"), await digest("let a;")];
    expect(first.stdout).toMatch(/^[0-9a-f]{64}$/);
    expect(same.stdout).toBe(first.stdout);
    expect(other.stdout).not.toBe(first.stdout);
  });

  test.each([
    ["at once", "export function half(n: number): number {\n\n  throw new Error(`not ${n}`);\n}\n"],
    [
      "later",
      "export function half(n: number): number {\n\n  void Promise.resolve().then(function later() { throw new Error(`not ${n}`); });\n  return n;\n}\n",
    ],
  ])("that fails %s prints the places in its sources", async (_when, half) => {
    const { stderr, exitCode } = await run(half);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Error: not 2");
    expect(stderr).toMatch(new RegExp(`at (half|later) \\(${join(directory, "half.ts")}:3:`));
  });

  test("that fails in a file that it imports later prints the place in that file", async () => {
    await writeFile(join(directory, "main.ts"), 'await (await import("./late")).late();\n');
    await writeFile(
      join(directory, "late.ts"),
      'import { half } from "./half";\nexport const late = half;\n',
    );
    const { stderr, exitCode } = await run(
      "export function half(): number {\n\n  throw new Error(`late`);\n}\n",
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`at half \\(${join(directory, "half.ts")}:3:`));
  });

  test("with a syntax error prints the place of the error", async () => {
    const { stderr, exitCode } = await run("export const half: = 2;\n");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('half.ts:1:19: ERROR: Unexpected "="');
  });
});
