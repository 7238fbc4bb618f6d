import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { fieldManager } from "../../../fleet/owner";
import { beginRecord } from "../../../ownership/record";

const APPLIED = { fleet: "a", shared: "b", models: { iris: "c" } };
const [EARLY, LATE] = ["2026-01-01T09:59:59Z", "2026-01-01T10:00:00Z"];
const BEFORE = { applied: { ...APPLIED, secretVersions: ["iris-env-1", "wine-env-1"], at: LATE } };
const MADE = { ...APPLIED, secretVersions: ["iris-env-2"], managesNamespace: true };

const changed = (time: string) => ({
  managedFields: [{ manager: fieldManager("dev"), operation: "Apply", time }],
});

/** The record of an update that has seen an object with this time. */
async function record(
  { isPart = false, isOutdated = false, isMissed = false, isComplete = true },
  time = EARLY,
): Promise<unknown> {
  const recording = beginRecord("dev", BEFORE, { isPart, isOutdated });
  const made = { managesNamespace: true, secretVersions: ["iris-env-2"] };
  const ended = Promise.resolve().then(async () => {
    await new Promise((resolve) => setTimeout(resolve));
    recording.see(changed(time));
    if (isMissed) recording.miss();
    return isComplete;
  });
  const output = recording.end(APPLIED, ended, made);
  const text = await new Promise<string>((resolve) => pulumi.unsecret(output).apply(resolve));
  return text === "" ? "none" : JSON.parse(text);
}

test("the record has what was applied, and when the last object was changed", async () => {
  expect(await record({})).toEqual({ ...MADE, at: EARLY });
});

test("an update of some models does not forget when the others were changed, nor their Secrets", async () => {
  const secretVersions = ["iris-env-2", "wine-env-1"];
  expect(await record({ isPart: true })).toEqual({ ...MADE, secretVersions, at: LATE });
});

test("the next update looks at all times if the state did not know all changes", async () => {
  expect(await record({ isOutdated: true })).toEqual(MADE);
});

test("there is no record if an object is not there, or not as the settings say", async () => {
  expect(await record({ isComplete: false })).toBe("none");
  expect(await record({ isMissed: true })).toBe("none");
});
