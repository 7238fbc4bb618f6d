import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readStackFile } from "../../../config/stack-file";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "modelfleet-stack-file-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const SECRETS = { wine: { A: "x" }, iris: { A: "x" } };

/** Reads a stack's file with settings that the engine says are encrypted somewhere. */
function read(yaml: string | undefined, own: Record<string, unknown>, directory = ".") {
  if (yaml !== undefined) writeFileSync(join(folder, directory, "Pulumi.dev.yaml"), yaml);
  const raw = Object.entries(own).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const encryptedKeys = new Set(["modelfleet:secrets"]);
  return readStackFile(Object.fromEntries(raw) as Record<string, string>, {
    ...{ stack: "dev", folder, prefix: "modelfleet:", encryptedKeys },
  });
}

describe("a secret", () => {
  test("is encrypted if it is in the file as one, alone or with all of its key", async () => {
    const beside = await read(
      "config:\n  modelfleet:secrets:\n    iris: {A: {secure: v1}}\n    wine: {A: x}\n",
      { secrets: SECRETS },
    );
    expect(beside.problems).toEqual([]);
    expect(beside.isSecret("secrets", "iris", "A")).toBe(true);
    expect(beside.isSecret("secrets", "wine", "A")).toBe(false);
    const whole = await read("config:\n  modelfleet:secrets: {secure: v1}\n", { secrets: SECRETS });
    expect(whole.isSecret("secrets", "wine", "A")).toBe(true);
  });

  test("is plain if an anchor with plain text is merged or aliased", async () => {
    const start =
      "config:\n  other: &a {A: x}\n  modelfleet:secrets:\n    iris: {A: {secure: v1}}\n    wine: ";
    for (const wine of ["{<<: *a}", "*a"]) {
      const { isSecret, problems } = await read(`${start}${wine}\n`, { secrets: SECRETS });
      expect(problems).toEqual([]);
      expect(isSecret("secrets", "wine", "A")).toBe(false);
    }
  });

  test.each<[string, string | undefined]>([
    ["the file is missing", undefined],
    ["the settings come from another file", "config:\n  modelfleet:secrets: {iris: {A: {secure: v1}}}\n"],
    ["the file has two documents", "config: {}\n---\nconfig: {}\n"],
    ["the file is no map", "- a\n"],
  ])("cannot be checked, and is refused, if %s", async (_what, yaml) => {
    expect((await read(yaml, { secrets: SECRETS })).problems).toEqual([
      "secrets: cannot be checked for values in plain text, since Pulumi.dev.yaml does not hold these settings; keep them in Pulumi.dev.yaml beside Pulumi.yaml (a file that --config-file names cannot be checked)",
    ]);
  });

  test("of a Pulumi ESC environment, which is not in the file, is encrypted as the engine says", async () => {
    const { problems, isSecret } = await read("environment: [prod]\nconfig: {}\n", { secrets: SECRETS });
    expect(problems).toEqual([]);
    expect(isSecret("secrets", "wine", "A")).toBe(true);
  });

  test("is found where stackConfigDir says", async () => {
    const other = mkdtempSync(join(folder, "config-"));
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      `name: modelfleet\nstackConfigDir: "${other.slice(folder.length + 1)}" # here\n`,
    );
    const yaml = "config:\n  modelfleet:secrets: {secure: v1}\n";
    expect((await read(yaml, { secrets: SECRETS }, other.slice(folder.length + 1))).problems).toEqual([]);
  });
});

test("a fleet without secrets and without changed scalars needs no file", async () => {
  expect((await read(undefined, { models: "iris" })).problems).toEqual([]);
});

test("a scalar under a key of its own is compared with the text that Pulumi stores", async () => {
  const yaml = "config:\n  modelfleet:namespace: 1.10\n  modelfleet:models: [iris]\n";
  expect((await read(yaml, { namespace: "1.1", models: ["iris"] })).problems).toEqual([
    'namespace: is 1.10 in the file, and YAML makes "1.1" of it; put it in quotes: "1.10"',
  ]);
});
