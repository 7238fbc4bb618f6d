import { expect, test } from "vitest";
import { examine, type Report } from "../../../../cli/doctor/check";
import { exitCode, outcomeLines } from "../../../../cli/doctor/doctor";
import { reportJson, reportText } from "../../../../cli/doctor/text";
import { factsWith, fails } from "../../../support/doctor";

const lost = {
  check: "lost objects",
  problem: "the cluster lost 1 object",
  fix: "`pulumi up --refresh`",
  objects: ["service/iris"],
};
const mend = { does: "remove the lock", run: () => Promise.resolve([]) };
const lock = { check: "locks", problem: "the stack is locked", fix: "`pulumi cancel`", mend };
const note = { check: "locks", level: "note" as const, problem: "an update runs" };

test("a check that cannot look is said, with all that have the same reason, and stops no other", async () => {
  const unreachable = fails("the cluster does not answer\n(refused)");
  const facts = factsWith({ cluster: unreachable, ownCluster: unreachable, objects: unreachable });
  const report = await examine(facts);
  expect(report.findings).toMatchObject([
    { check: "cluster", problem: "the cluster does not answer (refused)" },
  ]);
  expect(reportText(report, "prod").split("\n").slice(2)).toEqual([
    "not looked at: lost objects, leftover objects, unused Secrets (the cluster does not answer (refused))",
  ]);
});

test("a bug of a check is no report", async () => {
  const broken = { of: "x", look: () => Promise.reject(new TypeError("bug")) };
  await expect(examine(factsWith(), [broken])).rejects.toThrow(TypeError);
});

test("the report is a table of problems, then notes; or a sentence", () => {
  expect(reportText({ findings: [lost, note], unseen: [] }, "prod")).toBe(
    [
      "CHECK         PROBLEM                    FIX",
      "lost objects  the cluster lost 1 object  `pulumi up --refresh`",
      "note: an update runs",
    ].join("\n"),
  );
  expect(reportText({ findings: [], unseen: [] }, "prod")).toBe("Nothing is wrong with stack prod.");
});

test("the report for programs has problems, notes and what could not be looked at", () => {
  const unseen = [{ check: "locks", why: "no state" }];
  expect(reportJson({ findings: [lost, note], unseen }, "prod")).toEqual({
    ...{ stack: "prod", problems: [lost], notes: [{ check: "locks", note: "an update runs" }], unseen },
  });
});

test("a fix says what it did, and what it leaves with its command", () => {
  const mended = [{ isDone: true, text: "removed the lock" }];
  expect(outcomeLines({ findings: [lock, lost, note], unseen: [] }, mended)).toEqual([
    "removed the lock",
    "left: the cluster lost 1 object: `pulumi up --refresh`",
  ]);
});

test.each<[string, Report, { isDone: boolean }[], number]>([
  ["nothing is found", { findings: [], unseen: [] }, [], 0],
  ["there are only notes", { findings: [note], unseen: [] }, [], 0],
  ["a problem is found", { findings: [lost], unseen: [] }, [], 3],
  ["it could not look", { findings: [], unseen: [{ check: "locks", why: "x" }] }, [], 1],
  ["all is mended", { findings: [lock], unseen: [] }, [{ isDone: true }], 0],
  ["one thing is mended and one is left", { findings: [lock, lost], unseen: [] }, [{ isDone: true }], 3],
  ["a fix did not work", { findings: [lock], unseen: [] }, [{ isDone: false }], 3],
  ["nobody agreed to the fix", { findings: [lock], unseen: [] }, [], 3],
])("the exit code if %s", (_what, report, mended, code) => {
  expect(
    exitCode(
      report,
      mended.map((one) => ({ ...one, text: "" })),
    ),
  ).toBe(code);
});
