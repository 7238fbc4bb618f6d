import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { secretsProvider } from "../../../../../cli/doctor/checks/secrets-provider";
import { settings } from "../../../../../cli/doctor/checks/settings";
import { sizes } from "../../../../../cli/doctor/checks/sizes";
import { factsWith, fails, STATE } from "../../../../support/doctor";
import { fleetOf } from "../../../../support/settings";

const EXPORT = "`export PULUMI_CONFIG_PASSPHRASE=...`, or PULUMI_CONFIG_PASSPHRASE_FILE";

test("settings that do not load are a problem per line of their report", async () => {
  const report =
    '3 problems in the stack\'s settings; nothing was changed:\n  catalog.iris.replica: unknown key; did you mean "replicas"?\n  catalog.iris: must be a map\n  models[1]: "Wine" is not valid (digits; letters); did you mean "wine"?';
  expect(await settings.look(factsWith({ announced: fails(report) }))).toEqual([
    { problem: "catalog.iris.replica: unknown key", fix: 'did you mean "replicas"?' },
    { problem: "catalog.iris: must be a map", fix: "correct Pulumi.prod.yaml" },
    { problem: 'models[1]: "Wine" is not valid (digits; letters)', fix: 'did you mean "wine"?' },
  ]);
});

test("settings whose secrets cannot be decrypted are another check's problem: this one cannot look", async () => {
  await expect(settings.look(factsWith({ config: fails("passphrase must be set") }))).rejects.toThrow(
    "passphrase",
  );
});

test("secrets that cannot be decrypted are a problem, with a passphrase or without", async () => {
  const locked = {
    config: fails("passphrase must be set"),
    settingsFile: settingsFile("encryptionsalt: v1:x"),
  };
  const problem = "the secrets in Pulumi.prod.yaml cannot be decrypted: passphrase must be set";
  expect(await secretsProvider.look(factsWith(locked))).toEqual([{ problem, fix: EXPORT }]);
  const wrong = { ...locked, environment: { PULUMI_CONFIG_PASSPHRASE: "" } };
  const fix = "give the passphrase or the key with which they were encrypted";
  expect(await secretsProvider.look(factsWith(wrong))).toEqual([{ problem, fix }]);
});

test("a file that is no YAML is a problem", async () => {
  const broken = { config: fails("line 3: x"), readableConfig: fails("line 3: x") };
  expect(await secretsProvider.look(factsWith(broken))).toEqual([
    { problem: "Pulumi.prod.yaml cannot be read: line 3: x", fix: "correct Pulumi.prod.yaml" },
  ]);
});

test("a state that needs a passphrase, which no variable has, is a problem", async () => {
  const state = () => Promise.resolve({ ...STATE, secretsProvider: "passphrase" });
  expect(await secretsProvider.look(factsWith({ state }))).toEqual([
    {
      problem: expect.stringContaining("stack prod need a passphrase, and no variable has it") as string,
      fix: EXPORT,
    },
  ]);
  const environment = { PULUMI_CONFIG_PASSPHRASE_FILE: "/secret" };
  expect(await secretsProvider.look(factsWith({ state, environment }))).toEqual([]);
});

test("what is near a limit is a problem, what is below is none", async () => {
  const withEnv = (size: number) => fleetOf({ catalog: { iris: { env: { A: "x".repeat(size * 1024) } } } });
  const look = (size: number) => sizes.look(factsWith({ settings: () => Promise.resolve(withEnv(size)) }));
  expect(await look(100)).toEqual([]);
  expect(await look(110)).toEqual([
    {
      problem: "catalog.iris.env.A: near its limit: it would have 111 KiB, and at most 128 KiB are possible",
      fix: "read it from a file of the image",
    },
  ]);
  const config = () => Promise.resolve({ "modelfleet:catalog": { value: "x".repeat(110 * 1024) } });
  expect(await sizes.look(factsWith({ config }))).toEqual([
    {
      problem: expect.stringMatching(
        /^the settings take 111 KiB of the 128 KiB .* "argument list too long"$/,
      ) as string,
      fix: "move entries of catalog to files (catalog/<id>.yaml)",
    },
  ]);
});

function settingsFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-doctor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "Pulumi.prod.yaml");
  writeFileSync(file, text);
  return file;
}
